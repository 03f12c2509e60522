import ipaddr from 'ipaddr.js';

const globalUnicast6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Azure's own services inside a virtual network answer on this public-looking address. */
const azurePlatform = '168.63.129.16';

/**
 * What an address the resolver gave stands for, by allow-list: `public` is global unicast only.
 * Private, link-local, shared (CGNAT), multicast, documentation, mapped and translated ranges, and
 * text that is no address, are `refused`.
 *
 * @see RFC 6890 (special-purpose address registries)
 */
export function addressKind(address: string): 'public' | 'loopback' | 'refused' {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    if (address === azurePlatform) return 'refused';
    return kindOfRange(ipaddr.IPv4.parse(address).range());
  }
  if (!ipaddr.IPv6.isValid(address)) return 'refused';
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.zoneId) return 'refused';
  const kind = kindOfRange(parsed.range());
  // Unassigned space counts as unicast for the library; what is routed today lies in 2000::/3.
  return kind === 'public' && !parsed.match(globalUnicast6) ? 'refused' : kind;
}

function kindOfRange(range: string): 'public' | 'loopback' | 'refused' {
  if (range === 'unicast') return 'public';
  return range === 'loopback' ? 'loopback' : 'refused';
}

/**
 * Whether a `URL.hostname` is an address rather than a name. URL has already turned decimal, octal,
 * hexadecimal and shortened IPv4 forms into dotted ones.
 */
export function isAddressLiteral(hostname: string): boolean {
  return hostname.startsWith('[') || ipaddr.IPv4.isValid(hostname);
}
