import type { House } from './house.ts';

/** The timer's: successors for keys that are old, or that the vault has renewed, long before they are used. */
export async function renewKeys(house: House): Promise<void> {
  const rotations = await house.keys.administration.renew();
  for (const { alg, kid, result, useFrom } of rotations)
    if (result === 'published')
      house.journal.line('info', 'signingKeyPublished', {
        alg,
        kid,
        useFrom: useFrom?.toISOString(),
      });
}
