import { word } from '../schema.ts';
import { wordReader } from '../wire.ts';
import { type SessionControlDefinition, strictest } from './session-control.ts';
import { switchedOn, switchSchema } from './switched.ts';

const order = ['never', 'always'] as const;
const readMode = wordReader(order);

/** @see Graph: persistentBrowserSessionControl */
export const persistentBrowser: SessionControlDefinition = {
  name: 'persistentBrowser',
  standing: 'enforced',
  schema: switchSchema({ mode: word(order) }),
  read(value) {
    const members = switchedOn(value, ['mode']);
    if (!members) return members;
    const mode = readMode(members.get('mode')) ?? 'never';
    return (merged, { certain }) =>
      mode === 'always' && !certain
        ? merged
        : { ...merged, persistentBrowser: strictest(order, merged.persistentBrowser, mode) };
  },
};
