/**
 * Writes infra/schema/resource-types.json anew. Needs the Azure MCP server's program, which is no
 * dependency (140 MB) and is asked offline:
 *
 *   npm install --ignore-scripts --prefix <a folder> @azure/mcp@2.0.5
 *   node scripts/infra-schemas.ts <a folder>/node_modules/@azure/mcp-linux-x64/dist/azmcp
 *
 * It knows one version of each type: a template that pins another is refused here.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { readInfra } from './infra/parse.ts';
import type { Choice, ResourceType, SchemaData } from './infra/schema-data.ts';

const property = z.object({ name: z.string(), type: z.string(), flags: z.string().optional() });
const object = z.object({
  $type: z.literal('Object'),
  name: z.string(),
  properties: z.array(property),
  additionalPropertiesType: z.string().optional(),
});
const choiceOfObjects = z.object({
  $type: z.literal('DiscriminatedObject'),
  name: z.string(),
  discriminator: z.string(),
  baseProperties: z.array(property),
  elements: z.array(object),
});
const shape = z.discriminatedUnion('$type', [object, choiceOfObjects]);
const resource = z.object({ $type: z.literal('Resource'), name: z.string(), bodyType: shape });
const answer = z.object({
  results: z.object({ BicepSchemaResult: z.array(z.looseObject({ $type: z.string() })) }),
});

const [program] = process.argv.slice(2);
if (!program) throw new Error('usage: node scripts/infra-schemas.ts <path of azmcp>');

const infra = await readInfra('infra');
const used = infra.files.flatMap((file) =>
  file.resources.map(({ type, apiVersion }) => ({ type, apiVersion })),
);
const types = [...new Map(used.map((one) => [`${one.type}@${one.apiVersion}`, one])).values()].sort(
  (a, b) => (a.type < b.type ? -1 : 1),
);

const data: SchemaData = {
  tool: '@azure/mcp',
  version: ask('--version').trim().replace(/\+.*$/, ''),
  command: 'azmcp bicepschema get --resource-type <type>',
  resources: {},
  unknown: [],
};
for (const { type, apiVersion } of types) {
  const name = `${type}@${apiVersion}`;
  const found = reduce(type);
  if (!found) data.unknown.push(name);
  else if (found.name === name) data.resources[name] = found.kept;
  else throw new Error(`the tool knows ${found.name}, the template pins ${name}`);
}
const target = 'infra/schema/resource-types.json';
writeFileSync(target, `${JSON.stringify(data, null, 2)}\n`);
console.log(
  `${target}: ${Object.keys(data.resources).length} types, ${data.unknown.length} unknown, ${readFileSync(target).length} bytes`,
);

function ask(...args: readonly string[]): string {
  const run = spawnSync(program ?? '', args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, AZURE_MCP_COLLECT_TELEMETRY: 'false' },
  });
  if (run.error) throw run.error;
  return run.stdout;
}

/** One type's objects, as far as a template can write them or read them directly. */
function reduce(type: string): { readonly name: string; readonly kept: ResourceType } | undefined {
  const text = ask('bicepschema', 'get', '--resource-type', type);
  if (!text.includes('"status": 200')) return undefined;
  const results = answer.parse(JSON.parse(text)).results.BicepSchemaResult;
  const asked = results
    .filter(({ $type }) => $type === 'Resource')
    .map((one) => resource.parse(one))
    .find(({ name }) => name.toLowerCase().startsWith(`${type.toLowerCase()}@`));
  if (!asked) return undefined;
  const shapes = new Map(
    results
      .filter(({ $type }) => $type === 'Object' || $type === 'DiscriminatedObject')
      .map((one) => shape.parse(one))
      .map((one) => [one.name, one] as const),
  );
  const objects: ResourceType['objects'] = {};
  const choices: Record<string, Choice> = {};
  const keep = (one: z.infer<typeof shape>, name: string): void => {
    if (objects[name] || choices[name]) return;
    if (one.$type === 'DiscriminatedObject') {
      const cases: Choice['cases'] = {};
      choices[name] = { by: one.discriminator, cases };
      for (const element of one.elements) {
        const value = element.properties.find((part) => part.name === one.discriminator)?.type;
        if (!value) continue;
        // elements may share one name
        const name = `${element.name} ${value}`;
        cases[value] = name;
        keep({ ...element, properties: [...one.baseProperties, ...element.properties] }, name);
      }
      return;
    }
    const members: Record<string, string> = {};
    objects[name] = members;
    for (const part of one.properties) {
      members[part.name] = `${flagOf(part.flags)}${part.type}`;
      if (!part.flags?.includes('ReadOnly')) follow(part.type);
      else if (!part.type.endsWith('[]')) follow(part.type);
    }
    if (one.additionalPropertiesType) {
      members['*'] = one.additionalPropertiesType;
      follow(one.additionalPropertiesType);
    }
  };
  const follow = (written: string): void => {
    const name = written.replaceAll('[]', '');
    const found = shapes.get(name);
    if (found) keep(found, name);
  };
  keep(asked.bodyType, 'body');
  return { name: asked.name, kept: { body: 'body', objects, choices } };
}

function flagOf(flags = ''): string {
  if (flags.includes('ReadOnly')) return 'read-only ';
  if (flags.includes('Required')) return 'required ';
  return flags.includes('WriteOnly') ? 'write-only ' : '';
}
