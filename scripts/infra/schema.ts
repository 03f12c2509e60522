/** Resources against Azure's own schemas: types, versions, members, required, read-only, values. */
import { readFileSync } from 'node:fs';
import {
  type BicepFile,
  type Expression,
  type Fault,
  type Infra,
  memberOf,
  type Resource,
  textOf,
} from './model.ts';
import { itemsOf, kindOf, resolve } from './names.ts';
import { type ResourceType, readMember, schemaData } from './schema-data.ts';

const readSchemas = (name: string) =>
  schemaData.parse(
    JSON.parse(readFileSync(new URL(`../../infra/schema/${name}`, import.meta.url), 'utf8')),
  );

const fromTool = readSchemas('resource-types.json');
const byHand = readSchemas('by-hand.json');

/** By type and version; those that the tool does not know are written by hand, and less sure. */
export const schemas = { ...byHand.resources, ...fromTool.resources };
export const isByHand = (name: string): boolean =>
  byHand.resources[name] !== undefined && fromTool.resources[name] === undefined;

/** Bicep's own members, beside those that Azure is sent. */
const bicepsOwn = ['parent', 'scope', 'dependsOn'];

export function schemaFaults(infra: Infra): readonly Fault[] {
  return infra.files.flatMap((file) =>
    file.resources.flatMap((resource) => ofResource(file, resource)),
  );
}

function ofResource(file: BicepFile, resource: Resource): readonly Fault[] {
  const said: Fault[] = [];
  const say = (line: number, detail: string) =>
    said.push({ file: file.path, line, rule: 'schema', detail: `${resource.name}: ${detail}` });
  const name = `${resource.type}@${resource.apiVersion}`;
  if (memberOf(resource.members, 'name') === undefined) say(resource.line, 'has no name');
  const schema = schemas[name];
  if (!schema) {
    const other = Object.keys(schemas).find((one) => one.startsWith(`${resource.type}@`));
    say(resource.line, `${name} is not known${other ? `; ${other} is` : ''}`);
    return said;
  }
  const own = resource.members.filter((member) => !bicepsOwn.includes(member.name ?? ''));
  if (resource.isExisting) {
    for (const member of own)
      if (member.name !== 'name') say(member.line, `an existing resource has no ${member.name}`);
    return said;
  }
  const body: Expression = { kind: 'object', members: own, line: resource.line, source: '' };
  checkValue({ file, resource, schema, say }, body, schema.body, '', true);
  return said;
}

type Context = {
  readonly file: BicepFile;
  readonly resource: Resource;
  readonly schema: ResourceType;
  readonly say: (line: number, detail: string) => void;
};

function checkValue(
  context: Context,
  written: Expression,
  type: string,
  path: string,
  isWhole: boolean,
): void {
  const value = resolve(context.file, written);
  if (value.kind === 'null') return;
  const each = eachOf(context, value);
  if (each.length > 0) {
    for (const one of each) checkValue(context, one, type, path, isWhole);
    return;
  }
  if (value.kind === 'either') {
    checkValue(context, value.yes, type, path, isWhole);
    checkValue(context, value.no, type, path, isWhole);
  } else if (value.kind === 'call' && value.name === 'union') {
    for (const part of value.arguments) checkValue(context, part, type, path, false);
  } else if (type.endsWith('[]')) checkArray(context, value, type.slice(0, -2), path);
  else if (context.schema.objects[type] || context.schema.choices[type])
    checkObject(context, value, type, path, isWhole);
  else checkPlain(context, value, type, path);
}

/** `item.name` of the resource's own loop, where its list is written out: each item's. */
function eachOf({ file, resource }: Context, value: Expression): readonly Expression[] {
  if (value.kind !== 'member' || value.of.kind !== 'name' || !resource.loop) return [];
  const { name } = value;
  return itemsOf(file, [resource.loop], value.of.name)
    .flatMap((item) => (item.kind === 'object' ? [memberOf(item.members, name)] : []))
    .filter((one) => one !== undefined);
}

function checkArray(context: Context, value: Expression, type: string, path: string): void {
  if (value.kind === 'array') {
    for (const item of value.items) checkValue(context, item, type, `${path}[]`, true);
  } else if (value.kind === 'for') checkValue(context, value.body, type, `${path}[]`, true);
  else expectKind(context, value, 'array', path);
}

function checkObject(
  context: Context,
  value: Expression,
  type: string,
  path: string,
  isWhole: boolean,
): void {
  if (value.kind !== 'object') {
    expectKind(context, value, 'object', path);
    return;
  }
  const choice = context.schema.choices[type];
  if (choice) {
    const chosen = textOf(memberOf(value.members, choice.by));
    const found = chosen === undefined ? undefined : choice.cases[chosen];
    if (found) checkObject(context, value, found, path, isWhole);
    else
      context.say(
        value.line,
        `${joined(path, choice.by)} is none of ${Object.keys(choice.cases).join(', ')}`,
      );
    return;
  }
  const members = context.schema.objects[type] ?? {};
  for (const member of value.members) {
    const place = joined(path, member.name ?? member.computed?.source ?? '?');
    const found = (member.name === undefined ? undefined : members[member.name]) ?? members['*'];
    if (found === undefined) {
      context.say(
        member.line,
        `${place} is no property of ${type}${meant(member.name, Object.keys(members))}`,
      );
      continue;
    }
    const { isReadOnly, type: memberType } = readMember(found);
    if (isReadOnly) context.say(member.line, `${place} is read-only`);
    else checkValue(context, member.value, memberType, place, true);
  }
  if (!isWhole) return;
  for (const [name, found] of Object.entries(members))
    if (readMember(found).isRequired && memberOf(value.members, name) === undefined)
      context.say(value.line, `${joined(path, name)} is required`);
}

function checkPlain(context: Context, value: Expression, type: string, path: string): void {
  if (type === 'any' || type === 'object') return;
  if (type === 'int' || type === 'bool') {
    expectKind(context, value, type, path);
    return;
  }
  expectKind(context, value, 'string', path);
  const text = textOf(value);
  // A value that is not listed may be right in a newer version; here it is more likely misspelt.
  const listed = type.split(' | ').filter((one) => one !== 'string');
  if (text !== undefined && listed.length > 0 && !listed.includes(text))
    context.say(value.line, `${path} is '${text}', which is none of ${listed.join(', ')}`);
}

function expectKind(context: Context, value: Expression, kind: string, path: string): void {
  const found = kindOf(context.file, value);
  if (found !== 'any' && found !== kind)
    context.say(value.line, `${path} is ${found}, must be ${kind}`);
}

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** `, meant: …` where a known name differs in case or by a letter or two. */
function meant(name: string | undefined, known: readonly string[]): string {
  const near = known.find(
    (one) =>
      one.toLowerCase() === name?.toLowerCase() || (name && one.startsWith(name.slice(0, -1))),
  );
  return near ? `, meant: ${near}?` : '';
}
