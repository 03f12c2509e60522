import * as z from 'zod';
import { word } from '../schema.ts';
import { configuredMembers, isObject, wordReader } from '../wire.ts';
import { type SessionControlDefinition, strictest } from './session-control.ts';

const order = ['strictLocation', 'strictEnforcement', 'disabled'] as const;
const readMode = wordReader(order);

/** Switching it off is only for a policy about everything. @see Graph: continuousAccessEvaluationSessionControl */
export const continuousAccessEvaluation: SessionControlDefinition = {
  name: 'continuousAccessEvaluation',
  standing: 'enforced',
  schema: z.strictObject({ mode: word(order) }),
  notice: 'takes effect whenever a token is issued; an access token is good until it ends',
  read(value) {
    if (!isObject(value)) return null;
    const members = configuredMembers(value);
    const mode = readMode(members.get('mode')) ?? 'strictLocation';
    members.delete('mode');
    if (members.size > 0) return null;
    return (merged, { certain, plain }) => {
      if (mode === 'disabled' && !(certain && plain)) return merged;
      const strict = strictest(order, merged.continuousAccessEvaluation, mode);
      return { ...merged, continuousAccessEvaluation: strict };
    };
  },
};
