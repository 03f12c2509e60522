import type { Control } from '../controls/control.ts';
import type { Policy } from '../policy.ts';
import { userActions } from '../sign-in-facts.ts';

/**
 * Numbers the policies by what they ask: two with one number have the same controls, joined the same
 * way, and are met by the same actions, so that judging one of them judges both.
 */
export function numberDemands(policies: readonly Policy[]): readonly number[] {
  const controlNumbers = new Map<Control, number>();
  const numberOf = (control: Control): number => {
    const known = controlNumbers.get(control) ?? controlNumbers.size;
    controlNumbers.set(control, known);
    return known;
  };
  const demands = new Map<string, number>();
  return policies.map(({ grant, session, scope }) => {
    const demand = JSON.stringify([
      grant.operator,
      grant.controls.map(({ control, place }) => [numberOf(control), place]),
      session.frequency?.primary,
      session.unknown,
      scope.allApplications,
      scope.namesActions,
      userActions.map((action) => scope.names(action)),
    ]);
    const known = demands.get(demand) ?? demands.size;
    demands.set(demand, known);
    return known;
  });
}
