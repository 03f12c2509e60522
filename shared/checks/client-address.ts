import ipaddr from 'ipaddr.js';
import type { ClientAddress, ClientAddressSource } from '../core/client-address.ts';

/**
 * Anybody can rent a Front Door and send its requests here: only the one that is ours counts. That they
 * come from a Front Door at all is for the platform's access restriction to see to.
 *
 * @see Azure docs: "Secure traffic to Azure Front Door origins", "Protocol support for HTTP headers in
 * Azure Front Door": X-Azure-ClientIP is the caller's own text, X-Azure-SocketIP is not
 */
export function clientAddress(source: ClientAddressSource): ClientAddress {
  if (source.kind === 'direct')
    return {
      isOurWay: () => true,
      of: (header) => directClientAddress(header('x-forwarded-for')),
    };
  return {
    isOurWay: (header) => header('x-azure-fdid')?.toLowerCase() === source.id,
    of: (header) => canonicalAddress(header('x-azure-socketip') ?? ''),
  };
}

/**
 * The last entry of X-Forwarded-For, appended as `ip:port` by the front end in front of the worker.
 * Everything left of it, and every other header, is the caller's own text.
 */
function directClientAddress(forwardedFor: string | undefined): string | undefined {
  if (forwardedFor === undefined || forwardedFor.length > 4096) return undefined;
  const last = forwardedFor.split(',').at(-1)?.trim() ?? '';
  return canonicalAddress(withoutPort(last));
}

/** What one household or office has: an IPv4 address, the /64 of an IPv6 one. */
export function sourceOf(ipAddress: string): string {
  if (!ipAddress.includes(':')) return ipAddress;
  const { parts } = ipaddr.IPv6.parse(ipAddress);
  return `${parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}

function withoutPort(entry: string): string {
  const bracketed = /^\[([^\]]*)\](?::([0-9]{1,5}))?$/.exec(entry);
  if (bracketed) return portIsFine(bracketed[2]) ? (bracketed[1] ?? '') : '';
  const v4 = /^([0-9.]+)(?::([0-9]{1,5}))?$/.exec(entry);
  if (v4) return portIsFine(v4[2]) ? (v4[1] ?? '') : '';
  return entry;
}

const portIsFine = (port: string | undefined): boolean =>
  port === undefined || Number(port) <= 65_535;

/** One spelling for one address: IPv4-mapped as IPv4, IPv6 compressed; octal, hex and zones are none. */
function canonicalAddress(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text;
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.process(text).toString();
}

/** In its one spelling; undefined for what is in nobody's country: private, loopback, documentation. */
export function internetAddress(text: string): string | undefined {
  const address = canonicalAddress(text);
  return address !== undefined && ipaddr.process(address).range() === 'unicast'
    ? address
    : undefined;
}
