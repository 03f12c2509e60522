import { asFault, type FaultCode } from '../core/errors.ts';
import type { House } from './house.ts';

export type Dependency = {
  readonly name: 'configuration' | 'tables' | 'keys' | 'mail';
  readonly status: 'ready' | 'failing' | 'notConfigured';
  /** Why it fails. */
  readonly code?: FaultCode | undefined;
};

/** `ready`: a guest who came now could sign in. Mail is not asked: it would have to be sent. */
export type Health = { readonly ready: boolean; readonly dependencies: readonly Dependency[] };

/**
 * Asks for what every sign-in needs, as it asks: the configuration in force, at most 5 s old, and the
 * keys, which are asked to sign only where the last signature failed. So whoever asks often costs no
 * more than whoever asks once, and an outage shows here when it shows to guests.
 */
export async function health(house: House): Promise<Health> {
  const [configuration, keys] = await Promise.all([
    faultOf(house.configuration),
    faultOf(() => house.keys.ready()),
  ]);
  const tables = [configuration, keys].find((code) => code === 'storageUnavailable');
  return {
    ready: configuration === undefined && keys === undefined,
    dependencies: [
      dependency('configuration', configuration),
      dependency('tables', tables),
      dependency('keys', keys),
      { name: 'mail', status: house.mail ? 'ready' : 'notConfigured' },
    ],
  };
}

async function faultOf(work: () => Promise<unknown>): Promise<FaultCode | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    return asFault(thrown).code;
  }
}

const dependency = (name: Dependency['name'], code: FaultCode | undefined): Dependency =>
  code === undefined ? { name, status: 'ready' } : { name, status: 'failing', code };
