import { CliError, exitCodes } from './cli-error.ts';

/**
 * The gateway's own address without a final slash. Secrets and tokens go there, so plain http is
 * for loopback addresses only.
 */
export function readIssuer(text: string): string {
  const refused = (message: string, fix: string) =>
    new CliError(`issuer ${text}: ${message}`, { exitCode: exitCodes.usage, fix });
  if (!URL.canParse(text))
    throw refused('not a URL', 'write it as https://signin.host.example, as tokens name it');
  const url = new URL(text);
  if (url.username || url.password)
    // Not repeated: it has a password in it.
    throw new CliError('the issuer has a user name or a password in it', {
      exitCode: exitCodes.usage,
      fix: 'leave them out and set VESTIBULE_CLIENT_ID and VESTIBULE_CLIENT_SECRET',
    });
  if (url.search || url.hash || url.pathname !== '/')
    throw refused('an issuer has no path, query or fragment', `write ${url.origin}`);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback))
    throw refused('http would send the secret readable to everybody', 'use https');
  return url.origin;
}
