import { word } from '../schema.ts';
import { wordReader } from '../wire.ts';
import { type SessionControlDefinition, strictest } from './session-control.ts';
import { switchedOn, switchSchema } from './switched.ts';

const order = ['blockDownloads', 'monitorOnly', 'mcasConfigured'] as const;
const readType = wordReader(order);

/** @see Graph: cloudAppSecuritySessionControl */
export const cloudAppSecurity: SessionControlDefinition = {
  name: 'cloudAppSecurity',
  standing: 'carried',
  schema: switchSchema({ cloudAppSecurityType: word(order) }),
  read(value) {
    const members = switchedOn(value, ['cloudAppSecurityType']);
    if (!members) return members;
    const type = readType(members.get('cloudAppSecurityType')) ?? 'blockDownloads';
    return (merged) => ({
      ...merged,
      cloudAppSecurity: strictest(order, merged.cloudAppSecurity, type),
    });
  },
};
