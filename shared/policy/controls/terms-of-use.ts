import { guid, list } from '../schema.ts';
import { readGuid, readList } from '../wire.ts';
import {
  type Control,
  type ControlDefinition,
  satisfied,
  unknownControl,
  unsatisfiable,
} from './control.ts';
import { isAccepted, type TermsTable } from './terms-table.ts';

function termsControl(id: string, terms: TermsTable): Control {
  const expiry = terms.get(id);
  return {
    name: 'termsOfUse',
    termsOfUseId: id,
    interactive: true,
    facts: ['termsOfUseAccepted', 'now'],
    judge({ facts }) {
      if (expiry === undefined) return unsatisfiable(53003, `terms ${id} cannot be shown`);
      if (isAccepted(id, expiry, facts)) return satisfied(`terms ${id} are accepted`);
      return { kind: 'open', action: 'acceptTerms', because: `terms ${id} are not accepted` };
    },
  };
}

/** Each agreement is a control of its own. @see Graph: conditionalAccessGrantControls.termsOfUse */
export const termsOfUse: ControlDefinition = {
  kind: 'member',
  member: 'termsOfUse',
  schema: list(guid),
  notice: 'terms have no page yet: whoever has to accept them is refused',
  read(value, world) {
    const listed = readList(value, readGuid);
    const controls = [...new Set(listed.entries)].sort().map((id) => termsControl(id, world.terms));
    return listed.unreadable ? [...controls, unknownControl('termsOfUse')] : controls;
  },
};
