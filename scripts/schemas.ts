// Writes the JSON Schemas that editors complete and check configuration files with: npm run schemas
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { app } from '../shared/rows/configuration/app.ts';
import { api, group, guestEntry } from '../shared/rows/configuration/entries.ts';
import { partner } from '../shared/rows/configuration/partner.ts';
import { settings } from '../shared/rows/configuration/settings.ts';
import { namedLocationSchema, policySchema } from './policy-schemas.ts';

const folder = join(import.meta.dirname, '../docs/schemas');

const sources = {
  settings: [settings, 'settings.json: the organisation and what holds for all of it.'],
  app: [app, 'apps/*.json: an app that guests sign in to, or an administrator’s automation.'],
  api: [api, 'apis/*.json: an API that apps ask access tokens for.'],
  partner: [
    partner,
    'partners/*.json: an organisation whose people sign in with their own provider.',
  ],
  group: [group, 'groups/*.json: a group that policies name.'],
  guest: [guestEntry, 'guests/*.json: a guest, added or updated at every apply, never deleted.'],
} as const satisfies Readonly<Record<string, readonly [z.ZodType, string]>>;

/**
 * By file name. They say what a file may contain, not what its values must be to each other:
 * `config apply --dry-run` checks that. Draft 7 is what editors know best.
 */
export function schemaFiles(): Readonly<Record<string, string>> {
  const own = Object.entries(sources).map(([name, [source, description]]) => {
    const { $schema: _, ...schema } = z.toJSONSchema(source, { io: 'input', target: 'draft-7' });
    return fileOf(name, description, schema);
  });
  return Object.fromEntries([
    ...own,
    fileOf('policy', 'policies/*.json: Conditional Access policies in Graph’s form.', policySchema),
    fileOf(
      'named-location',
      'namedLocations/*.json: named locations in Graph’s form.',
      namedLocationSchema,
    ),
  ]);
}

function fileOf(name: string, description: string, schema: object): readonly [string, string] {
  const file = `${name}.json`;
  const $schema = 'http://json-schema.org/draft-07/schema#';
  const whole = { $schema, $id: file, title: `Vestibule ${name}`, description, ...schema };
  return [file, `${formatted(whole, '', 0)}\n`];
}

const lineWidth = 100;

/** As the formatter of this repository writes JSON: lists of plain values on one line if they fit. */
function formatted(value: unknown, indent: string, before: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const isPlain = value.every((item) => typeof item !== 'object' || item === null);
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    if (isPlain && before + line.length < lineWidth) return line;
    const items = value.map((item) => inner + formatted(item, inner, inner.length));
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, member]) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    return start + formatted(member, inner, start.length);
  });
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}

if (import.meta.main) {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(schemaFiles())) writeFileSync(join(folder, file), text);
}
