import { type FakeIdp, idTokenOf } from './fake-idp.ts';
import { random } from './http-steps.ts';
import type { HttpWorld } from './http-world.ts';

/** A second partner, whose provider says whatever a test wants it to say. */

export const nora = {
  id: 'a0000009-0000-4000-8000-000000000009',
  subject: 'nora-at-northwind',
  mail: 'nora@northwind.example',
  userPrincipalName: 'nora_northwind.example#EXT#@fabrikam.onmicrosoft.example',
} as const;

export const withNorthwind =
  (idp: FakeIdp, more: Readonly<Record<string, unknown>> = {}) =>
  (files: Record<string, string>): Record<string, string> => ({
    ...files,
    'partners/northwind.json': JSON.stringify({
      id: 'northwind',
      displayName: 'Northwind',
      issuer: idp.issuer,
      clientId: idp.partner.clientId,
      clientSecret: idp.partner.clientSecret,
      tenantId: 'c0a7050a-2222-4c0a-8b0b-0c0a70500002',
      domains: ['northwind.example'],
      ...more,
    }),
    'guests/nora.json': JSON.stringify({
      id: nora.id,
      userPrincipalName: nora.userPrincipalName,
      displayName: 'Nora Nord',
      mail: nora.mail,
      identities: [{ partner: 'northwind', subject: nora.subject }],
    }),
  });

/** Northwind's answer to a request that arrived there: the callback's address, not opened yet. */
export function answerOfNorthwind(
  world: HttpWorld,
  idp: FakeIdp,
  leaving: string,
  claims: Readonly<Record<string, unknown>> = {},
): string {
  const asked = new URL(leaving).searchParams;
  const nowSeconds = Math.floor(world.clock().getTime() / 1000);
  idp.idToken = idTokenOf(idp, {
    claims: {
      sub: nora.subject,
      nonce: asked.get('nonce'),
      iat: nowSeconds,
      auth_time: nowSeconds,
      exp: nowSeconds + 300,
      ...claims,
    },
  });
  const back = new URLSearchParams({
    code: random(),
    state: asked.get('state') ?? '',
    iss: idp.issuer,
  });
  return `${asked.get('redirect_uri')}?${back.toString()}`;
}
