const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::([1-9][0-9]{0,4}))?(\/.*)?$/;

/**
 * Exact strings. Only the port of a loopback address may differ, for an app that listens on
 * whatever port it got. @see RFC 9700 §2.1, RFC 8252 §7.3
 */
export function matchesRegistered(asked: string, registered: readonly string[]): boolean {
  if (registered.includes(asked)) return true;
  const askedParts = loopback.exec(asked);
  // a port that is none makes an address that nothing can be sent to
  if (!askedParts || Number(askedParts[2] ?? 0) > 65_535) return false;
  return registered.some((uri) => {
    const parts = loopback.exec(uri);
    return parts !== null && parts[1] === askedParts[1] && parts[3] === askedParts[3];
  });
}
