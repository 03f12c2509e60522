import { type Control, type ControlWorld, unknownControl } from './controls/control.ts';
import { controlDefinitions } from './controls/registry.ts';
import { configuredMembers, isObject } from './wire.ts';

/** A control with its place in the order in which guests are asked. */
export interface PlacedControl {
  readonly control: Control;
  readonly place: number;
}

/** What `grantControls` of one policy asks, in asking order. No controls: nothing is asked. */
export interface GrantControls {
  readonly operator: 'AND' | 'OR';
  readonly blocks: boolean;
  readonly controls: readonly PlacedControl[];
}

// Controls nobody knows are looked at last.
const unknownPlace = controlDefinitions.length;

const builtIns = new Map(
  controlDefinitions.flatMap((definition, place) =>
    definition.kind === 'builtIn'
      ? [[definition.control.name.toLowerCase(), { control: definition.control, place }] as const]
      : [],
  ),
);

function strange(name: string): PlacedControl {
  return { control: unknownControl(name), place: unknownPlace };
}

function readBuiltIns(value: unknown): PlacedControl[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [strange('builtInControls')];
  return value.map((entry: unknown) => {
    const word = typeof entry === 'string' ? entry : '';
    return builtIns.get(word.toLowerCase()) ?? strange(word === '' ? 'builtInControls' : word);
  });
}

/**
 * Reads `grantControls`. What is not understood becomes a control nobody can meet, joined like any
 * other; an operator that is not understood is AND.
 *
 * @see Graph: conditionalAccessGrantControls
 */
export function readGrantControls(value: unknown, world: ControlWorld): GrantControls {
  if (value === undefined) return { operator: 'AND', blocks: false, controls: [] };
  if (!isObject(value))
    return { operator: 'AND', blocks: false, controls: [strange('grantControls')] };
  const members = configuredMembers(value);
  const operator = members.get('operator');
  let controls = readBuiltIns(members.get('builtInControls'));
  for (const [place, definition] of controlDefinitions.entries()) {
    if (definition.kind !== 'member') continue;
    const content = members.get(definition.member);
    if (content !== undefined)
      controls = controls.concat(
        definition
          .read(content, world)
          .map((control) => ({ control, place: control.known === false ? unknownPlace : place })),
      );
    members.delete(definition.member);
  }
  members.delete('operator');
  members.delete('builtInControls');
  controls = controls.concat([...members.keys()].map(strange));
  return {
    operator: typeof operator === 'string' && operator.toUpperCase() === 'OR' ? 'OR' : 'AND',
    blocks: controls.some(({ control }) => control.name === 'block' && control.known !== false),
    controls: controls.sort((a, b) => a.place - b.place),
  };
}
