import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ConfigError, environmentNames, readConfig } from '../../../shared/config.ts';

const sample: { readonly Values: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync('local.settings.sample.json', 'utf8'),
);
const ours = Object.keys(sample.Values).filter((name) => name.startsWith('VESTIBULE_'));
/** What docs/operations.md tells to fill in. */
const filled = {
  VESTIBULE_LOCAL_KEY: Buffer.alloc(32, 7).toString('base64url'),
  VESTIBULE_SEED_CLIENT_ID: '11111111-1111-4111-8111-111111111111',
  VESTIBULE_SEED_CLIENT_SECRET: 'a secret of this test',
};

it('local.settings.sample.json has settings that are read, and no vault beside the local key', () => {
  expect(ours.filter((name) => !environmentNames.includes(name))).toEqual([]);
  expect(ours).not.toContain('VESTIBULE_VAULT');
});

it('as it stands it is refused for what is to be filled in, and for nothing else', () => {
  const refused = () => readConfig(sample.Values);
  expect(refused).toThrow(ConfigError);
  try {
    refused();
  } catch (thrown) {
    const { issues } = thrown as ConfigError;
    const named = issues.map((issue) => issue.replace(/:.*/s, ''));
    expect(named.toSorted()).toEqual(Object.keys(filled).toSorted());
  }
});

it('filled in, the app takes it', () => {
  const config = readConfig({ ...sample.Values, ...filled });
  expect(config).toMatchObject({ isLocalWorld: true, keys: { kind: 'local' } });
});

it('docs/operations.md names every setting, and what the sample leaves to fill in', () => {
  const handbook = readFileSync('docs/operations.md', 'utf8');
  const settings = environmentNames.filter((name) => name !== 'WEBSITE_SITE_NAME');
  expect(settings.filter((name) => !handbook.includes(`\`${name}\``))).toEqual([]);
  const [, howTo = ''] = handbook.split('local.settings.sample.json');
  const paragraph = howTo.slice(0, howTo.indexOf('\n## '));
  for (const name of Object.keys(filled)) expect(paragraph).toContain(name);
});
