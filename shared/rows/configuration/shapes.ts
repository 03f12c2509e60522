import * as z from 'zod';
import { isLoopbackHost } from '../../core/loopback.ts';

/** A GUID in any case, read as lower case. */
export const guid = z
  .string()
  .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'must be a GUID')
  .transform((id) => id.toLowerCase());

/** A short name used in paths and file names. */
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1–40 of a–z, 0–9 and hyphen');

/** Kept as written: issuers and audiences are compared byte for byte. */
export const httpsOrLoopbackUrl = z
  .string()
  .max(2048)
  .refine(isHttpsOrLoopbackUrl, 'must be an https URL (http only on a loopback address)');

function isHttpsOrLoopbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username || url.password || url.hash) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

/** An ASCII domain name in lower case, as IDNA writes it. */
export const domain = z
  .string()
  .max(253)
  .regex(
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be an ASCII domain name in lower case (IDNA form)',
  );
