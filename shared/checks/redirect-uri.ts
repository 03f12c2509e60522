const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::[0-9]{1,5})?(\/.*)?$/;

/**
 * Exact strings. Only the port of a loopback address may differ, for an app that listens on
 * whatever port it got. @see RFC 9700 §2.1, RFC 8252 §7.3
 */
export function matchesRegistered(asked: string, registered: readonly string[]): boolean {
  if (registered.includes(asked)) return true;
  const askedParts = loopback.exec(asked);
  if (!askedParts) return false;
  return registered.some((uri) => {
    const parts = loopback.exec(uri);
    return parts !== null && parts[1] === askedParts[1] && parts[2] === askedParts[2];
  });
}
