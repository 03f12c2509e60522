import * as z from 'zod';
import { type AgeLimit, stricterLimit } from '../frequency.ts';
import { word } from '../schema.ts';
import { configuredMembers, isObject, wordReader } from '../wire.ts';
import type {
  SessionControlDefinition,
  SessionControls,
  SignInFrequency,
} from './session-control.ts';
import { switchSchema } from './switched.ts';

const readInterval = wordReader(['timeBased', 'everyTime']);
const readUnit = wordReader(['hours', 'days']);
const readType = wordReader(['primaryAndSecondaryAuthentication', 'secondaryAuthentication']);
const parts = ['isEnabled', 'frequencyInterval', 'type', 'value', 'authenticationType'];

const frequencySchema = switchSchema({
  frequencyInterval: word(['timeBased', 'everyTime']).optional(),
  type: word(['hours', 'days']).optional(),
  value: z.int().positive().optional(),
  authenticationType: word([
    'primaryAndSecondaryAuthentication',
    'secondaryAuthentication',
  ]).optional(),
}).refine((given) => 'isEnabled' in given && (given['isEnabled'] !== true || readable(given)), {
  message: 'neither everyTime nor a number of hours or days',
});

const always: SignInFrequency = { primary: 'everyTime', secondary: 'everyTime' };

function readLimit(members: ReadonlyMap<string, unknown>): AgeLimit {
  const interval = members.get('frequencyInterval');
  const unit = readUnit(members.get('type'));
  const value = members.get('value');
  const timeBased = interval === undefined || readInterval(interval) === 'timeBased';
  const readable = typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
  if (!timeBased || !readable || unit === undefined) return 'everyTime';
  return unit === 'days' ? value * 24 : value;
}

/** Whether a limit that is switched on says how long it is. */
function readable(given: Readonly<Record<string, unknown>>): boolean {
  const members = configuredMembers(given);
  return (
    readInterval(members.get('frequencyInterval')) === 'everyTime' ||
    readLimit(members) !== 'everyTime'
  );
}

/**
 * The limits of one policy; undefined when off. What cannot be read is every time.
 *
 * @see Graph: signInFrequencySessionControl
 */
export function readSignInFrequency(value: unknown): SignInFrequency | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) return always;
  const members = configuredMembers(value);
  if (members.get('isEnabled') !== true) return undefined;
  if ([...members.keys()].some((name) => !parts.includes(name))) return always;
  const limit = readLimit(members);
  return readType(members.get('authenticationType')) === 'secondaryAuthentication'
    ? { secondary: limit }
    : { primary: limit, secondary: limit };
}

function merge(merged: SessionControls, own: SignInFrequency): SessionControls {
  const primary = stricterLimit(merged.signInFrequency?.primary, own.primary);
  const secondary = stricterLimit(merged.signInFrequency?.secondary, own.secondary);
  return {
    ...merged,
    signInFrequency: {
      ...(primary === undefined ? {} : { primary }),
      ...(secondary === undefined ? {} : { secondary }),
    },
  };
}

/** @see Graph: signInFrequencySessionControl */
export const signInFrequency: SessionControlDefinition = {
  name: 'signInFrequency',
  standing: 'enforced',
  schema: frequencySchema,
  read(value) {
    const own = readSignInFrequency(value);
    return own && ((merged) => merge(merged, own));
  },
};
