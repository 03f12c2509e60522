import { readSession } from '../../core/handles.ts';
import { newBrowserSecret, readBrowserSecret } from '../../core/ids.ts';
import { namedMac, namedMacMatches } from '../../core/seal.ts';
import type { Change } from '../../ports.ts';
import { withEvent } from '../../rows/events.ts';
import { guestPartition } from '../../rows/guest.ts';
import { replace } from '../../rows/row.ts';
import { sessionKey } from '../../rows/session.ts';
import type { Answer, Browser } from '../answers.ts';
import { commitPlan } from '../commit-plan.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import { frameOf } from '../sign-in/frame.ts';
import { type GuestRows, loadGuest } from '../sign-in/guest-rows.ts';
import { message } from '../sign-in/messages.ts';

/** What the MAC of the form is about: no form of a sign-in signs anybody out. */
const purpose = 'log-out';

/** GET /logout: asks, whoever sent the browser here; a link alone signs nobody out. */
export async function askLogOut(house: House, browser: Browser): Promise<Answer> {
  const frame = frameOf(await house.configuration());
  const secret = readBrowserSecret(browser.secret);
  if (!secret || !browser.session) return message('signedOut', { frame });
  const csrf = namedMac(await keyFor(house.keys, 'csrf'), purpose, secret);
  return { kind: 'page', page: 'signOut', frame, fields: { csrf } };
}

/**
 * POST /logout: the session here ends, with what it has not handed to an app yet. The browser gets
 * another secret, by which no step of a sign-in from before can be found.
 */
export async function logOut(
  house: House,
  { csrf, browser }: { readonly csrf: string; readonly browser: Browser },
  now: Date,
): Promise<Answer> {
  const frame = frameOf(await house.configuration());
  const secret = readBrowserSecret(browser.secret);
  const key = await keyFor(house.keys, 'csrf', csrf.split('.')[0]);
  if (!secret || !namedMacMatches(key, csrf, purpose, secret)) return askLogOut(house, browser);
  const shown = readSession(browser.session ?? '');
  if (shown) {
    const ended = await commitPlan<GuestRows | undefined, boolean>(
      house.store,
      guestPartition(shown.guest),
      () => loadGuest(house.store, shown.guest),
      (rows) => ({
        changes: rows ? ending(rows, sessionKey(shown.secret), now) : [],
        answer: true,
      }),
    );
    if (!ended) return message('temporarilyUnavailable', { frame });
    house.journal.line('info', 'signedOut', { guest: shown.guest });
  }
  return {
    ...message('signedOut', { frame }),
    cookies: [
      { cookie: 'session', value: '' },
      { cookie: 'browser', value: newBrowserSecret() },
    ],
  };
}

/** The session, those that it came from, and codes of theirs that no app has redeemed. */
function ending(rows: GuestRows, key: string, now: Date): readonly Change[] {
  const keys = new Set(lineage(rows, key));
  const sessions = rows.sessions.filter((row) => keys.has(row.key) && row.value.state === 'live');
  const unredeemed = rows.authorizations.filter(
    ({ value }) => value.state === 'code' && value.code && keys.has(value.code.session),
  );
  return [
    ...sessions.map((row) => replace(row, { ...row.value, state: 'ended' as const })),
    ...unredeemed.map((row) =>
      replace(row, {
        ...row.value,
        state: 'over' as const,
        over: { cause: 'signedOut' },
        events: withEvent(row.value.events, now, 'signedOut'),
      }),
    ),
  ];
}

/** One browser's, newest first: each was granted from the next. */
function lineage(rows: GuestRows, key: string): readonly string[] {
  const from = rows.sessions.find((row) => row.key === key)?.value.from;
  return from === undefined ? [key] : [key, ...lineage(rows, from)];
}
