/** The names by which a machine calls itself, as `URL.hostname` writes them (RFC 8252 §7.3, RFC 6761 §6.3). */
export const isLoopbackHost = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
