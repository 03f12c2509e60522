import { z } from 'zod';
import { conditionDefinitions } from '../shared/policy/conditions/registry.ts';
import { controlDefinitions } from '../shared/policy/controls/registry.ts';
import { sessionControlDefinitions } from '../shared/policy/session/registry.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * Graph's wire forms for editors, from the engine's own registries. Exports carry nulls, empty lists
 * and `@odata.*` beside what is configured, so these complete and describe; what the engine makes of
 * a file is said by `config apply --dry-run`.
 */
export const policySchema = oneOrMany({
  type: 'object',
  required: ['displayName', 'conditions'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    displayName: { type: 'string' },
    state: { enum: ['enabled', 'disabled', 'enabledForReportingButNotEnforced'] },
    conditions: {
      type: 'object',
      properties: membersOf(conditionDefinitions.map(({ name, schema }) => [name, schema])),
    },
    grantControls: {
      type: ['object', 'null'],
      properties: {
        operator: { enum: ['AND', 'OR'] },
        builtInControls: {
          type: 'array',
          items: {
            enum: controlDefinitions.flatMap((d) => (d.kind === 'builtIn' ? [d.control.name] : [])),
          },
        },
        ...membersOf(
          controlDefinitions.flatMap((d) => (d.kind === 'member' ? [[d.member, d.schema]] : [])),
        ),
      },
    },
    sessionControls: {
      type: ['object', 'null'],
      properties: membersOf(sessionControlDefinitions.map(({ name, schema }) => [name, schema])),
    },
  },
});

export const namedLocationSchema = oneOrMany({
  type: 'object',
  required: ['@odata.type', 'id', 'displayName'],
  properties: {
    '@odata.type': {
      enum: ['#microsoft.graph.ipNamedLocation', '#microsoft.graph.countryNamedLocation'],
    },
    id: { type: 'string', format: 'uuid' },
    displayName: { type: 'string' },
    isTrusted: { type: 'boolean', description: 'ipNamedLocation: counts as AllTrusted.' },
    ipRanges: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          '@odata.type': {
            enum: ['#microsoft.graph.iPv4CidrRange', '#microsoft.graph.iPv6CidrRange'],
          },
          cidrAddress: { type: 'string', examples: ['203.0.113.0/26', '2001:db8::/48'] },
        },
      },
    },
    countriesAndRegions: { type: 'array', items: { type: 'string', pattern: '^[A-Za-z]{2}$' } },
    includeUnknownCountriesAndRegions: { type: 'boolean' },
  },
});

/** A file holds one, a list, or a collection as `GET` returns it. */
function oneOrMany(one: Json): { readonly [name: string]: Json } {
  const item = { $ref: '#/definitions/one' };
  return {
    anyOf: [
      item,
      { type: 'array', items: item },
      {
        type: 'object',
        required: ['value'],
        properties: { value: { type: 'array', items: item } },
      },
    ],
    definitions: { one },
  };
}

function membersOf(definitions: readonly (readonly [string, z.ZodType])[]) {
  return Object.fromEntries(
    definitions.map(([name, schema]) => {
      const { $schema: _, ...whole } = z.toJSONSchema(schema, {
        io: 'input',
        target: 'draft-7',
        unrepresentable: 'any',
      });
      return [name, tolerant(whole as Json)];
    }),
  );
}

/** As exports are: anything may be null, and something may stand beside it. */
function tolerant(value: Json): Json {
  if (Array.isArray(value)) return value.map(tolerant);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([name]) => name !== 'additionalProperties' && name !== 'required',
  );
  return Object.fromEntries(
    kept.map(([name, member]) => [
      name,
      name === 'type' && typeof member === 'string' ? [member, 'null'] : tolerant(member),
    ]),
  );
}
