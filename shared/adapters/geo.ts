import { readFileSync } from 'node:fs';
import { type CountryResponse, Reader } from 'mmdb-lib';
import { internetAddress } from '../checks/client-address.ts';
import { Fault } from '../core/errors.ts';
import type { Geo, Journal } from '../ports.ts';

/** This database has a flat record where MaxMind's own has a tree. */
type Country = CountryResponse & { readonly country_code?: string };

/**
 * Countries of addresses, from a MaxMind-format database (IP to Country Lite by DB-IP.com). Read at
 * the first question: most sets of policies ask for none.
 */
export function openGeo(file: string, journal: Journal): Geo {
  let reader: Reader<Country> | undefined;

  const open = (): Reader<Country> => {
    reader ??= new Reader<Country>(readFileSync(file));
    return reader;
  };

  return {
    countryOf(ipAddress) {
      try {
        const database = open();
        const address = internetAddress(ipAddress);
        const code = address && database.get(address)?.country_code;
        return code && /^[A-Z]{2}$/.test(code) && code !== 'ZZ' ? code : undefined;
      } catch (cause) {
        journal.line('alarm', 'countryDataUnreadable', {});
        throw new Fault('countryUnknown', { cause });
      }
    },
  };
}
