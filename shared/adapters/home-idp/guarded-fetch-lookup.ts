import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { addressKind } from '../../checks/home-address.ts';
import { Fault } from '../../core/errors.ts';

export type ResolvedAddress = { readonly address: string; readonly family: number };
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/**
 * A socket's `lookup` that hands out only addresses of the expected kind. One answer with any
 * other address in it is refused whole. The socket connects to what is checked here and nothing
 * is resolved again, so a second, different DNS answer has no one to reach.
 */
export function guardedLookup(expected: 'public' | 'loopback', resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (resolved) => {
        const [first] = resolved;
        if (!first || resolved.some(({ address }) => addressKind(address) !== expected)) {
          callback(new Fault('homeUnavailable', { detail: 'addressRefused' }), '', 0);
        } else if (options.all) {
          callback(
            null,
            resolved.map(({ address, family }) => ({ address, family })),
          );
        } else {
          callback(null, first.address, first.family);
        }
      },
      (cause: unknown) => {
        callback(new Fault('homeUnavailable', { detail: 'nameUnresolved', cause }), '', 0);
      },
    );
  };
}
