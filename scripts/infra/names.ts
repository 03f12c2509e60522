/** What the names of one file stand for, and what kind of value an expression gives. */
import { type BicepFile, type Expression, inside, memberOf, type Parameter } from './model.ts';

export type Kind = 'string' | 'int' | 'bool' | 'object' | 'array' | 'null' | 'any';

/** Functions that templates here call, with what they give. Any other is a fault. */
const functions: Readonly<Record<string, Kind>> = {
  contains: 'bool',
  dateTimeAdd: 'string',
  dateTimeToEpoch: 'int',
  empty: 'bool',
  environment: 'object',
  guid: 'string',
  loadTextContent: 'string',
  resourceGroup: 'object',
  resourceId: 'string',
  subscription: 'object',
  subscriptionResourceId: 'string',
  union: 'any',
  uniqueString: 'string',
  utcNow: 'string',
};

/** What is read of what a function gives. */
const given: Readonly<Record<string, readonly string[]>> = {
  environment: ['suffixes', 'suffixes.storage'],
  resourceGroup: ['id', 'name', 'location', 'tags'],
  subscription: ['id', 'subscriptionId', 'tenantId'],
};

/** Undefined: not known of this function. */
export const givesMember = (name: string, path: readonly string[]): boolean | undefined =>
  given[name]?.includes(path.join('.'));

/** False only where a literal stands that the parameter's `@allowed` does not list. */
export function isAllowed(parameter: Parameter, value: Expression | undefined): boolean {
  const list = parameter.decorators.find(({ name }) => name === 'allowed')?.arguments[0];
  if (list?.kind !== 'array' || (value?.kind !== 'string' && value?.kind !== 'number')) return true;
  return list.items.some(({ source }) => source === value.source);
}

export const isKnownFunction = (name: string): boolean => Object.hasOwn(functions, name);

/** A variable's value in the place of its name; anything else as it is. */
export function resolve(file: BicepFile, value: Expression): Expression {
  if (value.kind !== 'name') return value;
  const found = file.variables.find(({ name }) => name === value.name);
  return found ? resolve(file, found.value) : value;
}

/** `any` where it cannot be told. */
export function kindOf(file: BicepFile, value: Expression): Kind {
  const found = resolve(file, value);
  switch (found.kind) {
    case 'string':
    case 'object':
    case 'array':
    case 'null':
      return found.kind;
    case 'number':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'for':
      return 'array';
    case 'call':
      return found.of ? 'any' : (functions[found.name] ?? 'any');
    case 'either': {
      const [yes, no] = [kindOf(file, found.yes), kindOf(file, found.no)];
      if (yes === 'null') return no;
      return no === 'null' || yes === no ? yes : 'any';
    }
    case 'name': {
      const parameter = file.parameters.find(({ name }) => name === found.name);
      return parameter ? kindOfType(parameter.type) : 'any';
    }
    case 'member':
    case 'index':
    case 'operation':
      return 'any';
  }
}

/** Of a parameter or output as it is declared. */
export function kindOfType(written: string): Kind {
  const type = written.replace(/\?$/, '');
  if (type.endsWith('[]')) return 'array';
  return ['string', 'int', 'bool', 'object', 'array'].includes(type) ? (type as Kind) : 'any';
}

/** Every expression of a file, each with the loop variables that are known where it stands. */
export function expressionsOf(file: BicepFile): readonly Used[] {
  const plain = (value: Expression | undefined) => (value ? used(value, []) : []);
  const placed = [...file.resources, ...file.modules].flatMap((one) => {
    const inner = one.loop ? [one.loop] : [];
    const bodies = one.members.flatMap(({ computed, value }) =>
      computed ? [computed, value] : [value],
    );
    return [
      ...plain(one.condition),
      ...plain(one.loop?.over),
      ...bodies.flatMap((body) => used(body, inner)),
    ];
  });
  return [
    ...file.parameters.flatMap(({ byDefault }) => plain(byDefault)),
    ...file.variables.flatMap(({ value }) => plain(value)),
    ...placed,
    ...file.outputs.flatMap(({ value }) => plain(value)),
  ];
}

export type Loop = { readonly variables: readonly string[]; readonly over: Expression };
export type Used = { readonly value: Expression; readonly loops: readonly Loop[] };

function used(value: Expression, loops: readonly Loop[]): readonly Used[] {
  if (value.kind === 'for')
    return [{ value, loops }, ...used(value.over, loops), ...used(value.body, [...loops, value])];
  return [{ value, loops }, ...inside(value).flatMap((child) => used(child, loops))];
}

/** What a loop variable stands for, where the list is written out: each of its items. */
export function itemsOf(
  file: BicepFile,
  loops: readonly Loop[],
  name: string,
): readonly Expression[] {
  const loop = loops.find(({ variables }) => variables[0] === name);
  const list = loop && resolve(file, loop.over);
  return list?.kind === 'array' ? list.items : [];
}

/** Whether every item that can be seen has such a member; true where none can be seen. */
export const allHave = (items: readonly Expression[], name: string): boolean =>
  items.every((item) => item.kind !== 'object' || memberOf(item.members, name) !== undefined);
