import * as z from 'zod';
import { list } from '../schema.ts';
import { readList } from '../wire.ts';
import { type ControlDefinition, impossible, unknownControl } from './control.ts';

const member = 'customAuthenticationFactors';

/** Custom controls need a service nobody runs for guests. @see Graph: conditionalAccessGrantControls */
export const customAuthenticationFactors: ControlDefinition = {
  kind: 'member',
  member,
  schema: list(z.string().min(1)),
  notice: 'custom controls are not offered: they block',
  read(value) {
    const listed = readList(value, (entry) =>
      typeof entry === 'string' && entry !== '' ? entry : undefined,
    );
    const controls = listed.entries.map((id) =>
      impossible(
        `customAuthenticationFactor ${id}`,
        true,
        50158,
        'custom controls are not offered',
      ),
    );
    return listed.unreadable ? [...controls, unknownControl(member)] : controls;
  },
};
