import { Fault } from '../core/errors.ts';
import type { Geo, HomeIdp, Journal, Keys, Mail, Pace, Scan, Store } from '../ports.ts';
import type { Configuration } from './configuration/configuration.ts';
import type { Allowances } from './passcode/allowances.ts';

/** What every flow is given: the ports, opened once per process, and the configuration in force. */
export type House = {
  /** The public base URL, from the environment; never derived from a request. */
  readonly issuer: string;
  readonly store: Store;
  readonly keys: Keys;
  readonly homeIdp: HomeIdp;
  /** Absent: no mail service is configured, and nobody can come in by a mailed code. */
  readonly mail?: Mail | undefined;
  readonly geo: Geo;
  readonly pace: Pace;
  readonly allowances: Allowances;
  readonly journal: Journal;
  /** At most 5 s old. Throws `Fault('configurationMissing')` before the first apply. */
  readonly configuration: () => Promise<Configuration>;
  readonly admission: Admission;
};

/** For the flows that read across partitions: clean-up and administrators' lists. */
export type HouseWithScan = House & { readonly scan: Scan };

/** Who may administer before any configuration says so: from the environment. */
export type Admission = {
  /** Access tokens of the host organisation's own identity provider, roles in `roles`. */
  readonly trusted?: { readonly issuer: string; readonly audience: string } | undefined;
  /** One client, under a loopback issuer only. */
  readonly seedClient?: { readonly appId: string; readonly secretHash: string } | undefined;
};

/** For what works before the first configuration is applied. */
export async function configurationIfAny(house: House): Promise<Configuration | undefined> {
  try {
    return await house.configuration();
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'configurationMissing') return undefined;
    throw thrown;
  }
}
