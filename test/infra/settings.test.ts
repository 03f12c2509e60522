import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingNames } from '../../scripts/infra/assert-secrets.ts';
import { textOf } from '../../scripts/infra/model.ts';
import { readInfra } from '../../scripts/infra/parse.ts';
import { environmentNames } from '../../shared/config.ts';

/** Refused off a loopback issuer. */
const localWorldOnly = [
  'VESTIBULE_LOCAL_KEY',
  'VESTIBULE_SEED_CLIENT_ID',
  'VESTIBULE_SEED_CLIENT_SECRET',
];

/** Read by the app, and there without anybody's doing. */
const setByAzure = ['WEBSITE_SITE_NAME'];

/** For the Functions host and the Azure SDKs. */
const platform = [
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'AZURE_CLIENT_ID',
  'AzureWebJobsDisableHomepage',
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__clientId',
  'AzureWebJobsStorage__credential',
];

const { files } = await readInfra('infra');
const deployed = files.flatMap(settingNames).map(({ name }) => name);

it('the templates set every setting that the app reads outside the local world, and no other', () => {
  const read = environmentNames.filter(
    (name) => !localWorldOnly.includes(name) && !setByAzure.includes(name),
  );
  const expected = new Set([...read, ...platform]);
  expect(deployed.toSorted()).toEqual([...expected].toSorted());
});

it('what is left out stands in the schema', () => {
  expect(environmentNames).toEqual(expect.arrayContaining([...localWorldOnly, ...setByAzure]));
});

it('both table services have the tables that the store names, and no other', () => {
  const written = /type TableName = ([^;]+);/.exec(readFileSync('shared/ports.ts', 'utf8'))?.[1];
  const expected = [...(written ?? '').matchAll(/'(\w+)'/g)].map(([, name]) => name);
  const lists = files.flatMap(({ variables }) =>
    variables.flatMap(({ name, value }) =>
      name === 'tableNames' && value.kind === 'array' ? [value.items.map(textOf)] : [],
    ),
  );
  expect(expected).toHaveLength(5);
  expect(lists).toEqual([expected, expected]);
});
