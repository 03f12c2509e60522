import { startKeyVault } from '../../dev/key-vault.ts';
import { openVaultKeys } from '../../shared/adapters/keys/keys-vault.ts';
import { openMemory } from '../../shared/adapters/store/memory.ts';
import { checkOwnAccessToken } from '../../shared/checks/own-token.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { Keys, Store } from '../../shared/ports.ts';
import { testClock } from './house-clock.ts';

/** Keys over weeks, on several instances, with the real SDK before a stand-in of the vault. */

const issuer = 'https://login.fabrikam.example';
export async function openStage(kind: 'keyvault' | 'wrapped') {
  const clock = testClock();
  const vault = await startKeyVault({ clock: clock.now });
  const store = openMemory();
  const alarms: JsonObject[] = [];
  const lines: JsonObject[] = [];
  const journal = {
    line: (level: string, event: string, detail: JsonObject = {}) =>
      void (level === 'alarm' ? alarms : lines).push({ event, ...detail }),
  };
  const instance = (signing = kind, over: Store = store): Keys =>
    openVaultKeys({
      url: vault.url,
      credential: vault.credential,
      signing,
      store: over,
      journal,
      clock: clock.now,
      timeoutMs: 20_000,
    });
  return { clock, vault, store, alarms, lines, instance, keys: instance() };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** A token of an hour, the longest there is. */
export const issue = (
  stage: Stage,
  keys: Keys,
  alg: 'RS256' | 'ES256' = 'ES256',
): Promise<string> => {
  const iat = Math.floor(stage.clock.now().getTime() / 1000);
  const claims = { iss: issuer, aud: issuer, sub: 's', client_id: 'c', jti: 'j' };
  return keys.sign({ alg, typ: 'at+jwt' }, { ...claims, iat, exp: iat + 3600 });
};

export const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;

export const isTaken = async (stage: Stage, keys: Keys, token: string): Promise<boolean> => {
  const rules = { keys: await keys.publicKeys(), issuer, audience: issuer };
  return (await checkOwnAccessToken(token, rules, stage.clock.now())) !== undefined;
};

export const kids = async (keys: Keys): Promise<readonly string[]> =>
  (await keys.publicKeys()).map(({ kid }) => kid);

export const statesOf = async (keys: Keys, alg = 'ES256') =>
  (await keys.administration.list()).signing
    .filter((key) => key.alg === alg)
    .map(({ state }) => state);
