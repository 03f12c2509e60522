import { describe, expect, it } from 'vitest';
import { applyConfiguration } from '../../shared/flows/configuration/apply.ts';
import { dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { appIds, edited, type Files, policy, without } from '../support/house-folder.ts';

/** What `config apply` refuses, each with the file and the place in it; and that nothing is stored. */

type Case = {
  readonly to: (files: Files) => Files;
  readonly file: string;
  readonly pointer: string;
  readonly message?: RegExp;
};

const add = (file: string, value: unknown) => (files: Files) => ({
  ...files,
  [file]: typeof value === 'string' ? value : JSON.stringify(value),
});

const set = (file: string, members: Readonly<Record<string, unknown>>) => (files: Files) =>
  edited(files, file, members);

const app = (more: object = {}) => ({
  appId: '11111111-2222-4333-8444-555555555555',
  displayName: 'New',
  clientType: 'public',
  ...more,
});
const guest = (more: object = {}) => ({
  id: 'a0000007-0000-4000-8000-000000000007',
  userPrincipalName: 'new_contoso.example#EXT#@fabrikam.onmicrosoft.example',
  displayName: 'New',
  ...more,
});
const hash = `sha256:${'A'.repeat(43)}`;

const single: Readonly<Record<string, Case>> = {
  'a file of no part': {
    to: add('readme.txt', 'x'),
    file: 'readme.txt',
    pointer: '',
    message: /no part/,
  },
  'a file outside': { to: add('../settings.json', {}), file: '../settings.json', pointer: '' },
  'a folder in a folder': { to: add('apps/a/b.json', {}), file: 'apps/a/b.json', pointer: '' },
  'an unknown folder': { to: add('users/a.json', {}), file: 'users/a.json', pointer: '' },
  'no JSON': { to: add('apps/x.json', '{'), file: 'apps/x.json', pointer: '', message: /no JSON/ },
  'no settings': {
    to: (f) => without(f, 'settings.json'),
    file: 'settings.json',
    pointer: '',
    message: /missing/,
  },
  'an unknown property': {
    to: add('apps/x.json', app({ secret: 'x' })),
    file: 'apps/x.json',
    pointer: '/secret',
    message: /no such property/,
  },
  'an unknown property far down': {
    to: set('partners/contoso.json', { inboundTrust: { isMfaAccepted: true, 'a/b~c': 1 } }),
    file: 'partners/contoso.json',
    pointer: '/inboundTrust/a~1b~0c',
  },
  'a name of the prototype': {
    to: add(
      'groups/x.json',
      '{"id":"11111111-2222-4333-8444-555555555555","displayName":"x","__proto__":{}}',
    ),
    file: 'groups/x.json',
    pointer: '/__proto__',
  },
  'an id that is no GUID': {
    to: add('apps/x.json', app({ appId: 'x' })),
    file: 'apps/x.json',
    pointer: '/appId',
    message: /GUID/,
  },
  'a confidential app without secret': {
    to: add('apps/x.json', app({ clientType: 'confidential' })),
    file: 'apps/x.json',
    pointer: '/clientSecretHashes',
  },
  'a public app with a secret': {
    to: add('apps/x.json', app({ clientSecretHashes: [hash] })),
    file: 'apps/x.json',
    pointer: '/clientSecretHashes',
  },
  'a secret in clear': {
    to: add('apps/x.json', app({ clientType: 'confidential', clientSecretHashes: ['hunter2'] })),
    file: 'apps/x.json',
    pointer: '/clientSecretHashes/0',
  },
  'a public app without PKCE': {
    to: add('apps/x.json', app({ requirePkce: false })),
    file: 'apps/x.json',
    pointer: '/requirePkce',
  },
  'a public app with roles': {
    to: add('apps/x.json', app({ appRoles: ['AuditLog.Read.All'] })),
    file: 'apps/x.json',
    pointer: '/appRoles',
  },
  'a role that is none': {
    to: add(
      'apps/x.json',
      app({ clientType: 'confidential', clientSecretHashes: [hash], appRoles: ['God'] }),
    ),
    file: 'apps/x.json',
    pointer: '/appRoles/0',
  },
  'a redirect URI with a wildcard': {
    to: add('apps/x.json', app({ redirectUris: ['https://a.example/*'] })),
    file: 'apps/x.json',
    pointer: '/redirectUris/0',
  },
  'the same app twice': {
    to: add('apps/zz.json', app({ appId: appIds.woodgrove.toUpperCase() })),
    file: 'apps/zz.json',
    pointer: '/appId',
    message: /same appId as in apps\/woodgrove\.json/,
  },
  'the same API twice': {
    to: add('apis/zz.json', { identifier: 'https://api.woodgrove.example', displayName: 'x' }),
    file: 'apis/zz.json',
    pointer: '/identifier',
    message: /same/,
  },
  'the same partner twice': {
    to: add('partners/zz.json', {
      id: 'contoso',
      displayName: 'x',
      issuer: 'https://x.example',
      clientId: 'x',
    }),
    file: 'partners/zz.json',
    pointer: '/id',
    message: /same/,
  },
  'the same group twice': {
    to: add('groups/zz.json', { id: '9c0f1e2d-3b4a-4958-8675-5b4e3c2d1a01', displayName: 'x' }),
    file: 'groups/zz.json',
    pointer: '/id',
    message: /same/,
  },
  'the same guest twice': {
    to: add('guests/zz.json', guest({ id: 'A0000001-6F0C-4C1E-9A55-0D3A7BE4C801' })),
    file: 'guests/zz.json',
    pointer: '/id',
    message: /same/,
  },
  'the same identity twice': {
    to: add(
      'guests/zz.json',
      guest({
        identities: [{ partner: 'contoso', subject: '6f0c2b9e-51d7-4c1e-9a55-0d3a7be4c801' }],
      }),
    ),
    file: 'guests/zz.json',
    pointer: '/identities/0',
    message: /same identity as in guests\/ann\.json/,
  },
  'a domain of two partners': {
    to: add('partners/zz.json', {
      id: 'zz',
      displayName: 'x',
      issuer: 'https://x.example',
      clientId: 'x',
      domains: ['a.example', 'contoso.example'],
    }),
    file: 'partners/zz.json',
    pointer: '/domains/1',
    message: /contoso\.example belongs to partners\/contoso\.json/,
  },
  'a domain in other letters': {
    to: set('partners/contoso.json', { domains: ['Contoso.example'] }),
    file: 'partners/contoso.json',
    pointer: '/domains/0',
  },
  'an Entra partner without tenant': {
    to: set('partners/contoso.json', { type: 'entra', tenantId: null }),
    file: 'partners/contoso.json',
    pointer: '/tenantId',
  },
  'an algorithm with a shared secret': {
    to: set('partners/contoso.json', { algorithms: ['HS256'] }),
    file: 'partners/contoso.json',
    pointer: '/algorithms/0',
  },
  'an issuer by http': {
    to: set('partners/contoso.json', { issuer: 'http://contoso.example' }),
    file: 'partners/contoso.json',
    pointer: '/issuer',
  },
  'a secret that was not read': {
    to: set('partners/contoso.json', { clientSecret: { env: 'NAME' } }),
    file: 'partners/contoso.json',
    pointer: '/clientSecret',
    message: /not sealed by this gateway/,
  },
  'a secret sealed elsewhere': {
    to: set('partners/contoso.json', {
      clientSecret: 'sealed.AAAAAAAA.AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA',
    }),
    file: 'partners/contoso.json',
    pointer: '/clientSecret',
  },
  'a resource nobody registered': {
    to: set('apps/woodgrove.json', {
      resources: ['https://api.woodgrove.example', 'https://other.example'],
    }),
    file: 'apps/woodgrove.json',
    pointer: '/resources/1',
    message: /no file in apis\//,
  },
  'a guest of no partner': {
    to: add('guests/zz.json', guest({ identities: [{ partner: 'nobody', subject: 'x' }] })),
    file: 'guests/zz.json',
    pointer: '/identities/0/partner',
    message: /no partner nobody/,
  },
  'a guest of no group': {
    to: set('guests/ann.json', {
      groupIds: ['9c0f1e2d-3b4a-4958-8675-5b4e3c2d1a02', '00000000-0000-4000-8000-000000000000'],
    }),
    file: 'guests/ann.json',
    pointer: '/groupIds/1',
    message: /no group/,
  },
  "another guest's UPN": {
    to: add(
      'guests/zz.json',
      guest({ userPrincipalName: 'ANN_contoso.example #EXT#@fabrikam.onmicrosoft.example' }),
    ),
    file: 'guests/zz.json',
    pointer: '/userPrincipalName',
    message: /another guest/,
  },
  "another guest's mail": {
    to: add('guests/zz.json', guest({ mail: 'Ann@Contoso.example' })),
    file: 'guests/zz.json',
    pointer: '/mail',
    message: /another guest/,
  },
  'a session longer than a week': {
    to: set('settings.json', { federatedSessionHours: 169 }),
    file: 'settings.json',
    pointer: '/federatedSessionHours',
  },
  'a code longer than a minute': {
    to: set('settings.json', { codeSeconds: 61 }),
    file: 'settings.json',
    pointer: '/codeSeconds',
  },
  'a token longer than an hour': {
    to: set('settings.json', { accessTokenSeconds: 3601 }),
    file: 'settings.json',
    pointer: '/accessTokenSeconds',
  },
  'a location as wide as half the world': {
    to: add('namedLocations/x.json', {
      '@odata.type': '#microsoft.graph.ipNamedLocation',
      id: '10ca0001-5a1e-4b0c-9d2e-3f4a5b6c7dff',
      displayName: 'x',
      ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '0.0.0.0/1' }],
    }),
    file: 'namedLocations/x.json',
    pointer: '/ipRanges/0',
  },
};

const riskOf = (state: unknown, name = 'signInRiskLevels') =>
  policy(1, {
    ...(state === undefined ? {} : { state }),
    conditions: {
      users: { includeUsers: ['All'] },
      applications: { includeApplications: ['All'] },
      clientAppTypes: ['all'],
      [name]: ['high'],
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  });

async function faultsOf(world: TestHouse, files: Files) {
  const before = await dump(world);
  const applied = await world.apply(files);
  expect(await dump(world)).toEqual(before);
  return applied.kind === 'faults' ? applied.faults : applied.kind;
}

describe('what is refused', () => {
  it.each(Object.entries(single))('%s', async (_, { to, file, pointer, message = /./ }) => {
    await using world = await openTestHouse();
    const faults = await faultsOf(world, to(world.files()));
    expect(faults).toContainEqual({ file, pointer, message: expect.stringMatching(message) });
  });

  it('every fault of a folder at once', async () => {
    await using world = await openTestHouse();
    const files = { ...world.files(), 'apps/a.json': '{', 'apps/b.json': '{}', 'x.json': '{}' };
    const faults = await faultsOf(world, files);
    if (typeof faults === 'string') throw new Error(faults);
    expect(new Set(faults.map(({ file }) => file))).toEqual(
      new Set(['apps/a.json', 'apps/b.json', 'x.json']),
    );
  });

  it.each([
    ['enabled', 'signInRiskLevels'],
    ['enabled', 'userRiskLevels'],
    ['Enabled', 'SignInRiskLevels'],
  ])(
    'A143 R37: a policy in state %j that asks for %s while risk is not detected',
    async (state, name) => {
      await using world = await openTestHouse();
      const files = { ...world.files(), 'policies/x.json': riskOf(state, name) };
      const faults = await faultsOf(world, files);
      expect(faults).toContainEqual({
        file: 'policies/x.json',
        pointer: expect.stringMatching(/\/conditions\/(signIn|user)RiskLevels/i),
        message: expect.stringMatching(/riskDetection/),
      });
    },
  );

  it('A143: as one of many in a list or a collection, the fault names which', async () => {
    await using world = await openTestHouse();
    const list = [JSON.parse(policy(2, { state: 'disabled' })), JSON.parse(riskOf('enabled'))];
    for (const [value, pointer] of [
      [list, '/1/conditions/signInRiskLevels'],
      [{ value: list }, '/value/1/conditions/signInRiskLevels'],
    ] as const) {
      const files = { ...world.files(), 'policies/x.json': JSON.stringify(value) };
      expect(await faultsOf(world, files)).toContainEqual(expect.objectContaining({ pointer }));
    }
  });

  it('an API below the issuer is refused: those audiences are the gateway’s own', async () => {
    await using world = await openTestHouse();
    const api = { identifier: `${world.house.issuer}/manage`, displayName: 'Stolen' };
    expect(await faultsOf(world, { ...world.files(), 'apis/x.json': JSON.stringify(api) })).toEqual(
      [expect.objectContaining({ file: 'apis/x.json', pointer: '/identifier' })],
    );
  });

  it('more than a thousand guests in one folder', async () => {
    await using world = await openTestHouse();
    const crowd = Array.from({ length: 1000 }, (_, n) => {
      const id = `b0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
      const guest = { id, userPrincipalName: `g${n}@x.example`, displayName: `G ${n}` };
      return [`guests/crowd-${n}.json`, JSON.stringify(guest)];
    });
    const faults = await faultsOf(world, { ...world.files(), ...Object.fromEntries(crowd) });
    expect(faults).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/more than 1000 guests/) }),
    ]);
  });

  it('A143: an export with empty and null risk lists asks for none', async () => {
    await using world = await openTestHouse();
    const exported = policy(1, {
      state: 'enabled',
      conditions: {
        users: { includeUsers: ['All'] },
        applications: { includeApplications: ['All'] },
        clientAppTypes: ['all'],
        signInRiskLevels: [],
        userRiskLevels: [],
        insiderRiskLevels: null,
        locations: null,
      },
    });
    const files = { ...world.files(), 'policies/x.json': exported };
    expect(await world.apply(files)).toMatchObject({ kind: 'applied' });
  });

  it('A143: report-only and disabled may ask for it; to say that risk is detected is refused', async () => {
    await using world = await openTestHouse();
    for (const state of ['disabled', 'enabledForReportingButNotEnforced'])
      expect(
        await world.apply({ ...world.files(), 'policies/x.json': riskOf(state) }),
      ).toMatchObject({ kind: 'applied' });
    const on = edited(world.files(), 'settings.json', { riskDetection: 'on' });
    expect(await faultsOf(world, on)).toEqual([
      expect.objectContaining({ file: 'settings.json', pointer: '/riskDetection' }),
    ]);
  });

  it.each(['enforced', 'on', 'ENABLED '])('a policy in the state %j', async (state) => {
    await using world = await openTestHouse();
    const files = { ...world.files(), 'policies/x.json': policy(1, { state }) };
    expect(await faultsOf(world, files)).toContainEqual(
      expect.objectContaining({ file: 'policies/x.json', pointer: '/state' }),
    );
  });

  it('http and loopback partners, where the issuer is no loopback', async () => {
    await using world = await openTestHouse();
    const input = {
      folder: world.files(),
      dryRun: false,
      administrator: 'app:x',
      isLocalWorld: false,
    };
    expect(await applyConfiguration(world.house, input, world.now())).toMatchObject({
      kind: 'faults',
      faults: [{ file: 'partners/contoso.json', pointer: '/issuer' }],
    });
  });
});
