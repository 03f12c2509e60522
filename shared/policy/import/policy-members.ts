import { conditionDefinitions } from '../conditions/registry.ts';
import { controlDefinitions } from '../controls/registry.ts';
import { sessionControlDefinitions } from '../session/registry.ts';
import { isObject, type JsonObject } from '../wire.ts';
import { accept, type Checked, carry, check, type Origin, refuse, together } from './members.ts';
import { pointerTo } from './pointers.ts';
import { warning } from './report.ts';
import { checkStrength } from './strength-members.ts';

/** What Graph keeps beside the rules: kept and shown, never acted on. */
const carried = [
  'id',
  'displayName',
  'templateId',
  'description',
  'createdDateTime',
  'modifiedDateTime',
  'deletedDateTime',
  'partialEnablementStrategy',
];

const conditions = new Map(conditionDefinitions.map((d) => [d.name as string, d]));
const sessions = new Map(sessionControlDefinitions.map((d) => [d.name as string, d]));
const builtIns = new Map(
  controlDefinitions.flatMap((d) =>
    d.kind === 'builtIn' ? [[d.control.name.toLowerCase(), d.control] as const] : [],
  ),
);

/** The members of an object, each by its own reading; anything else is refused as a whole. */
function each(
  origin: Origin,
  path: readonly string[],
  value: unknown,
  read: (name: string, content: unknown) => Checked,
): Checked {
  if (!isObject(value)) return refuse(origin, path, 'expected an object');
  return together(Object.keys(value).map((name) => read(name, value[name])));
}

function checkConditions(origin: Origin, value: unknown): Checked {
  return each(origin, ['conditions'], value, (name, content) => {
    const path = ['conditions', name];
    const definition = conditions.get(name);
    return definition === undefined
      ? refuse(origin, path, 'the condition is not known here')
      : check(origin, path, content, definition.schema, 'enforced');
  });
}

/** With what an administrator must know of a member that configures something. */
function noticed(
  origin: Origin,
  path: readonly string[],
  checked: Checked,
  notice: string | false | undefined,
): Checked {
  if (!notice) return checked;
  const issue = warning(pointerTo(origin.source, origin.pointer, path), notice);
  return { ...checked, issues: [...checked.issues, issue] };
}

function checkBuiltIns(origin: Origin, value: unknown): Checked {
  const path = ['grantControls', 'builtInControls'];
  if (!Array.isArray(value)) return refuse(origin, path, 'expected a list');
  const entries = value.map((entry: unknown, index): Checked => {
    const at = [...path, String(index)];
    const control = typeof entry === 'string' ? builtIns.get(entry.toLowerCase()) : undefined;
    if (control === undefined) return refuse(origin, at, 'the control is not known here');
    return accept(origin, at, entry, 'enforced');
  });
  return together(entries);
}

function checkOperator(origin: Origin, value: unknown): Checked {
  const path = ['grantControls', 'operator'];
  return typeof value === 'string' && ['AND', 'OR'].includes(value.toUpperCase())
    ? accept(origin, path, value, 'enforced')
    : refuse(origin, path, 'expected AND or OR; read as AND');
}

function checkGrantControls(origin: Origin, value: unknown): Checked {
  return each(origin, ['grantControls'], value, (name, content) => {
    if (name === 'operator') return checkOperator(origin, content);
    if (name === 'builtInControls') return checkBuiltIns(origin, content);
    const path = ['grantControls', name];
    const definition = controlDefinitions.find((d) => d.kind === 'member' && d.member === name);
    if (definition?.kind !== 'member') return refuse(origin, path, 'the control is not known here');
    if (name === 'authenticationStrength')
      return checkStrength(origin, path, content, definition.schema);
    const checked = check(origin, path, content, definition.schema, 'enforced');
    return noticed(origin, path, checked, definition.notice);
  });
}

function checkSessionControls(origin: Origin, value: unknown): Checked {
  return each(origin, ['sessionControls'], value, (name, content) => {
    const path = ['sessionControls', name];
    const definition = sessions.get(name);
    if (definition === undefined)
      return refuse(origin, path, 'the session control is not known here');
    const { schema, standing, notice } = definition;
    const isOn = definition.read(content) !== undefined;
    return noticed(origin, path, check(origin, path, content, schema, standing), isOn && notice);
  });
}

const readers: Readonly<Record<string, (origin: Origin, value: unknown) => Checked>> = {
  conditions: checkConditions,
  grantControls: checkGrantControls,
  sessionControls: checkSessionControls,
};

/** Every configured member of a normalised policy. */
export function checkMembers(policy: JsonObject, origin: Origin): Checked {
  return together(
    Object.keys(policy).map((name) => {
      const content = policy[name];
      if (name === 'state') return accept(origin, [name], content, 'enforced');
      if (carried.includes(name)) return carry(origin, [name]);
      const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
      return reader === undefined
        ? refuse(origin, [name], 'not known here')
        : reader(origin, content);
    }),
  );
}
