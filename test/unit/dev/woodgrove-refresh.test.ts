import { errors, Provider } from 'oidc-provider';
import { expect, test } from 'vitest';
import { createBrowser } from '../../../dev/browser.ts';
import { closeServers, listen } from '../../../dev/listen.ts';
import { createConfiguration } from '../../../dev/partner/configuration.ts';
import { contosoPeople } from '../../../dev/partner/people.ts';
import { startWoodgrove } from '../../../dev/woodgrove/start-woodgrove.ts';

test('Woodgrove refreshes its tokens, and says when it no longer can', async () => {
  const [client, secret] = ['woodgrove', 'a-secret-of-this-test'];
  let revoked = false;
  let serve: ReturnType<Provider['callback']> | undefined;
  let login: Provider | undefined;
  const { port, servers } = await listen(
    (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return void serve?.(request, response);
      const result = { login: { accountId: contosoPeople[0]?.subject ?? '' } };
      void login?.interactionFinished(request, response, result);
    },
    { port: 0, addresses: ['127.0.0.1'] },
  );
  const issuer = `http://127.0.0.1:${port}`;
  const clients = { confidential: { id: client, secret } };
  await using woodgrove = await startWoodgrove({ port: 0, issuer, clients });
  const [redirectUri = ''] = woodgrove.redirectUris;
  const configuration = await createConfiguration({
    clientId: client,
    clientSecret: secret,
    redirectUri,
    people: contosoPeople,
  });
  const provider = new Provider(issuer, {
    ...configuration,
    clients: [
      {
        client_id: client,
        client_secret: secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    ttl: { ...configuration.ttl, RefreshToken: 3600 },
    issueRefreshToken: () => true,
    rotateRefreshToken: () => {
      if (revoked) throw new errors.InvalidGrant('over');
      return true;
    },
  });
  login = provider;
  serve = provider.callback();

  const browser = createBrowser({ accept: 'application/json' });
  const first = await browser.follow(`${woodgrove.url}/signin?client=confidential`);
  const before = (await first.response?.json()) as { tokens: Record<string, string> };
  expect(before).toMatchObject({ signedIn: true });
  const refresh = () => browser.open(`${woodgrove.url}/refresh`, { method: 'POST' });
  const after = (await (await refresh()).json()) as typeof before;
  expect(after).toMatchObject({ signedIn: true, userinfo: { name: 'Ann Abel' } });
  expect(after.tokens['access_token']).not.toBe(before.tokens['access_token']);
  expect(after.tokens['refresh_token']).not.toBe(before.tokens['refresh_token']);

  revoked = true;
  expect(await (await refresh()).json()).toMatchObject({ signedIn: false, error: 'invalid_grant' });
  await closeServers(servers);
});
