import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { schemaFiles } from '../../../scripts/schemas.ts';

test('docs/schemas is what the code says: run `npm run schemas`', () => {
  const there = Object.fromEntries(
    readdirSync('docs/schemas').map((file) => [file, readFileSync(`docs/schemas/${file}`, 'utf8')]),
  );
  expect(there).toEqual(schemaFiles());
});

describe('the example files fit', () => {
  const schemaOf: Readonly<Record<string, string>> = {
    apps: 'app.json',
    apis: 'api.json',
    partners: 'partner.json',
    groups: 'group.json',
    guests: 'guest.json',
  };
  const files = globSync('examples/*/{settings.json,{apps,apis,partners,groups,guests}/*.json}');

  test.each(files)('%s', (file) => {
    const name = schemaOf[basename(dirname(file))] ?? 'settings.json';
    const schema = z.fromJSONSchema(JSON.parse(schemaFiles()[name] ?? ''));
    const value = JSON.parse(readFileSync(file, 'utf8'));
    expect(schema.safeParse(value).error?.issues).toBeUndefined();
    expect(schema.safeParse({ ...value, unknownMember: 1 }).success).toBe(false);
  });
});

test('the editor mapping of this repository names schemas that exist', () => {
  const { 'json.schemas': mapped } = JSON.parse(readFileSync('.vscode/settings.json', 'utf8'));
  const urls = (mapped as { url: string }[]).map(({ url }) => basename(url)).sort();
  expect(urls).toEqual(Object.keys(schemaFiles()).sort());
});
