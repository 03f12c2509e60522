import { isObject, type JsonObject } from '../wire.ts';
import { isEnabled } from './enabled.ts';
import { guestsReached, type KnownGuest, type Reach } from './guests-reached.ts';
import type { Origin } from './members.ts';
import { pointerTo } from './pointers.ts';
import { type ImportIssue, information, warning } from './report.ts';

/** Why a guest can hardly meet a control, and what an administrator does instead. */
interface Hard {
  readonly because: string;
  readonly instead: string;
}

const device: Hard = {
  because: 'a device is managed by one organisation only, and no guest’s is managed here',
  instead: 'ask guests for mfa or an authentication strength, and exclude them from this policy',
};
const app: Hard = {
  because: 'their phone would have to be registered here, which it cannot be',
  instead: 'ask guests for mfa or an authentication strength, and exclude them from this policy',
};
const risk: Hard = {
  because: 'only the organisation a guest comes from can change the password or clear the risk',
  instead:
    'exclude guests from this policy, and block or ask for mfa at a risk in one of their own',
};

const hard: ReadonlyMap<string, Hard> = new Map([
  ['compliantdevice', device],
  [
    'domainjoineddevice',
    { ...device, because: 'no guest’s device is joined to a domain of this organisation' },
  ],
  ['approvedapplication', app],
  ['compliantapplication', app],
  ['passwordchange', risk],
  ['riskremediation', risk],
]);

/** What a policy that reaches guests asks of them that they can hardly meet. */
export function guestIssues(
  policy: JsonObject,
  origin: Origin,
  guests: readonly KnownGuest[],
): readonly ImportIssue[] {
  const grant = policy['grantControls'];
  const listed = isObject(grant) ? grant['builtInControls'] : undefined;
  if (!isObject(grant) || !Array.isArray(listed)) return [];
  const words = listed.map((entry) => (typeof entry === 'string' ? entry.toLowerCase() : ''));
  if (words.includes('block') || !words.some((word) => hard.has(word))) return [];
  const reach = guestsReached(policy, guests);
  if (!reach.anyGuest && reach.count === 0) return [];

  const way = otherWay(grant, words);
  const enabled = isObject(origin.source) && isEnabled(origin.source);
  const refusesNow = enabled && way === undefined && (guests.length === 0 || reach.count > 0);
  const whom = audience(reach, guests.length);
  return words.flatMap((word, index) => {
    const why = hard.get(word);
    if (why === undefined) return [];
    const path = ['grantControls', 'builtInControls', index];
    const pointer = pointerTo(origin.source, origin.pointer, path);
    const happens = enabled ? '' : 'once it is enabled, ';
    const message =
      way === undefined
        ? `${whom}; ${happens}this refuses them: ${why.because}. Instead, ${why.instead}`
        : `${whom}; they cannot meet this and are left with ${way}: ${why.because}`;
    return [refusesNow ? warning(pointer, message) : information(pointer, message)];
  });
}

/** What a guest can do instead, where one control is enough. */
function otherWay(grant: JsonObject, words: readonly string[]): string | undefined {
  const { operator } = grant;
  if (typeof operator !== 'string' || operator.toUpperCase() !== 'OR') return undefined;
  if ('authenticationStrength' in grant) return 'the authentication strength';
  return words.includes('mfa') ? 'mfa' : undefined;
}

function audience({ anyGuest, count }: Reach, of: number): string {
  if (of === 0) return 'reaches guests';
  if (count > 0) return `reaches ${count} of ${of} ${of === 1 ? 'guest' : 'guests'}`;
  return anyGuest ? `reaches none of ${of} guests yet, but a new one` : '';
}
