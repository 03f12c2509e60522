/** Names, what is read of resources and modules, and what modules are given. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  at,
  type BicepFile,
  type Expression,
  type Fault,
  type Infra,
  type Module,
  memberOf,
  type Resource,
  textOf,
} from './model.ts';
import { targetOf } from './modules.ts';
import {
  allHave,
  expressionsOf,
  givesMember,
  isAllowed,
  isKnownFunction,
  itemsOf,
  resolve,
  type Used,
} from './names.ts';
import { schemas } from './schema.ts';
import { readMember } from './schema-data.ts';

type Say = (line: number, detail: string) => void;

export function referenceFaults(infra: Infra): readonly Fault[] {
  const said: Fault[] = [];
  for (const file of infra.files) {
    const say: Say = (line, detail) =>
      said.push({ file: file.path, line, rule: 'references', detail });
    declaredOnce(file, say);
    if (file.scope !== 'resourceGroup') say(1, 'the scope must be one resource group');
    for (const parameter of file.parameters)
      if (parameter.byDefault && !isAllowed(parameter, parameter.byDefault))
        say(parameter.line, `${parameter.name}: its default is not allowed`);
    for (const used of expressionsOf(file)) ofExpression(infra, file, used, say);
    neverUsed(file, say);
    for (const resource of file.resources) ofParent(file, resource, say);
  }
  return said;
}

/** `network == 'privat'` is never true, and no default that is not allowed is ever taken. */
function ofComparison(file: BicepFile, value: Expression, say: Say): void {
  const [left, right] = value.kind === 'operation' ? value.parts : [];
  if (left?.kind !== 'name' || textOf(right) === undefined) return;
  const parameter = file.parameters.find(({ name }) => name === left.name);
  if (parameter && !isAllowed(parameter, right))
    say(value.line, `${parameter.name} is never ${right?.source}`);
}

function declaredOnce(file: BicepFile, say: Say): void {
  const seen = new Set<string>();
  for (const { name, line } of declared(file)) {
    if (seen.has(name)) say(line, `${name} is declared twice`);
    seen.add(name);
  }
}

const declared = (file: BicepFile) => [
  ...file.parameters,
  ...file.variables,
  ...file.resources,
  ...file.modules,
];

function neverUsed(file: BicepFile, say: Say): void {
  const names = new Set(
    expressionsOf(file).flatMap(({ value }) => (value.kind === 'name' ? [value.name] : [])),
  );
  for (const { name, line } of [...file.parameters, ...file.variables])
    if (!names.has(name)) say(line, `${name} is never used`);
}

function ofExpression(infra: Infra, file: BicepFile, { value, loops }: Used, say: Say): void {
  const isLoopVariable = (name: string) => loops.some(({ variables }) => variables.includes(name));
  if (value.kind === 'name') {
    const isKnown =
      isLoopVariable(value.name) || declared(file).some(({ name }) => name === value.name);
    if (!isKnown) say(value.line, `${value.name} is not declared`);
  } else if (value.kind === 'call') {
    if (!value.of && !isKnownFunction(value.name))
      say(value.line, `${value.name}() is not a function that is used here`);
    if (value.name === 'loadTextContent') ofFile(infra, file, value, say);
    if (value.name === 'resourceId') ofType(infra, value, say);
  } else if (value.kind === 'operation') {
    ofComparison(file, value, say);
  } else if (value.kind === 'member') {
    const { root, path, isIndexed } = chain(value);
    if (root.kind === 'call' && !root.of) {
      if (givesMember(root.name, path) === false)
        say(value.line, `${root.name}() gives no ${path.join('.')}`);
    }
    if (root.kind !== 'name') return;
    if (isLoopVariable(root.name)) {
      const [name] = path;
      if (path.length === 1 && name && !allHave(itemsOf(file, loops, root.name), name))
        say(value.line, `not every item of the list has ${name}`);
      return;
    }
    const variable = resolve(file, root);
    const module = file.modules.find(({ name }) => name === root.name);
    const resource = file.resources.find(({ name }) => name === root.name);
    if (module) ofOutput(infra, file, module, path, value.line, say);
    else if (resource) ofResource(resource, path, isIndexed, value.line, say);
    else if (variable.kind === 'object' && path.length === 1 && at(variable, ...path) === undefined)
      say(value.line, `${root.name} has no ${path[0]}`);
  }
}

/** `a.b[0].c` → root a, path b c; whether an index follows the root at once. */
function chain(value: Expression): {
  readonly root: Expression;
  readonly path: readonly string[];
  readonly isIndexed: boolean;
} {
  const path: string[] = [];
  let isIndexed = false;
  let root = value;
  while (root.kind === 'member' || root.kind === 'index') {
    isIndexed = root.kind === 'index';
    if (root.kind === 'member') path.unshift(root.name);
    root = root.of;
  }
  return { root, path, isIndexed };
}

/** The path is followed as far as the schema knows it. */
function ofResource(
  resource: Resource,
  path: readonly string[],
  isIndexed: boolean,
  line: number,
  say: Say,
): void {
  if (resource.loop && !isIndexed) say(line, `${resource.name} is a list: which one?`);
  const schema = schemas[`${resource.type}@${resource.apiVersion}`];
  let type = schema?.body;
  for (const name of path) {
    const members = type === undefined ? undefined : schema?.objects[type];
    if (!members) return;
    const found = members[name] ?? members['*'];
    if (found === undefined) {
      say(line, `${resource.name}.${path.join('.')}: ${resource.type} has no ${name} there`);
      return;
    }
    type = readMember(found).type;
  }
}

function ofOutput(
  infra: Infra,
  file: BicepFile,
  module: Module,
  path: readonly string[],
  line: number,
  say: Say,
): void {
  const [first, name] = path;
  if (first !== 'outputs') {
    if (first !== 'name') say(line, `${module.name}.${first}: a module has outputs and a name`);
    return;
  }
  const target = infra.files.find(({ path: one }) => one === targetOf(file, module));
  if (name && target && !target.outputs.some((output) => output.name === name))
    say(line, `${module.path} has no output ${name}`);
}

/** A child's parent must be of the type that its own begins with. */
function ofParent(file: BicepFile, resource: Resource, say: Say): void {
  const expected = resource.type.split('/').slice(0, -1).join('/');
  const parent = memberOf(resource.members, 'parent');
  const isChild = resource.type.split('/').length > 2;
  if (!isChild || !parent) {
    if (isChild !== (parent !== undefined))
      say(resource.line, `${resource.name}: ${isChild ? 'needs a' : 'has no'} parent`);
    return;
  }
  const { root } = chain(parent);
  const found = root.kind === 'name' && file.resources.find(({ name }) => name === root.name);
  if (found && found.type !== expected)
    say(parent.line, `${resource.name}: its parent is no ${expected}`);
}

function ofType(infra: Infra, call: Expression, say: Say): void {
  const type = call.kind === 'call' ? textOf(call.arguments[0]) : undefined;
  if (!infra.files.some((file) => file.resources.some((one) => one.type === type)))
    say(call.line, `nothing here is a ${type}`);
}

function ofFile(infra: Infra, file: BicepFile, call: Expression, say: Say): void {
  const path = call.kind === 'call' ? textOf(call.arguments[0]) : undefined;
  if (path === undefined || !existsSync(join(infra.folder, dirname(file.path), path)))
    say(call.line, `there is no file ${path}`);
}
