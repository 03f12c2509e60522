import { isSealed, seal, sealKeyId, unseal } from '../../core/seal.ts';
import type { StoredFile } from '../../rows/configuration/parts.ts';
import type { House } from '../house.ts';
import { keyFor } from '../key-for.ts';
import { partnerSecretAad } from '../sign-in/start-at-home.ts';
import type { Parts } from './configuration.ts';
import type { FileFault } from './folder.ts';

/** Sealed before they are stored; the same secret keeps its sealed form, so that nothing seems changed. */
export async function withSealedSecrets(
  house: House,
  parts: Parts,
  before: Parts | undefined,
): Promise<Parts | { readonly faults: readonly FileFault[] }> {
  const faults: FileFault[] = [];
  const partners: StoredFile[] = [];
  for (const { file, value } of parts.partners) {
    const entry = value as { id: string; clientSecret?: unknown };
    if (entry.clientSecret === undefined) {
      partners.push({ file, value });
      continue;
    }
    const sealed = await sealedSecret(
      house,
      entry.id,
      entry.clientSecret,
      storedSecret(before, entry.id),
    );
    if (sealed === undefined)
      faults.push({
        file,
        pointer: '/clientSecret',
        message: 'not sealed by this gateway, or { "env": … } was not read: send the secret itself',
      });
    else
      partners.push({
        file,
        value: { ...(value as object), clientSecret: sealed } as StoredFile['value'],
      });
  }
  return faults.length > 0 ? { faults } : { ...parts, partners };
}

const storedSecret = (parts: Parts | undefined, id: string): string | undefined => {
  const entry = parts?.partners
    .map(({ value }) => value as { id?: unknown; clientSecret?: unknown })
    .find((p) => p.id === id);
  return typeof entry?.clientSecret === 'string' ? entry.clientSecret : undefined;
};

async function sealedSecret(
  house: House,
  partner: string,
  given: unknown,
  stored: string | undefined,
): Promise<string | undefined> {
  if (typeof given !== 'string') return undefined;
  if (isSealed(given))
    return (await opened(house, partner, given)) === undefined ? undefined : given;
  if (stored !== undefined && (await opened(house, partner, stored)) === given) return stored;
  return seal(await keyFor(house.keys, 'partner-secret'), partnerSecretAad(partner), given);
}

async function opened(house: House, partner: string, sealed: string): Promise<string | undefined> {
  try {
    const key = await keyFor(house.keys, 'partner-secret', sealKeyId(sealed));
    return unseal(key, partnerSecretAad(partner), sealed);
  } catch {
    return undefined;
  }
}
