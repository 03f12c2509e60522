import { createHash } from 'node:crypto';

/** Source expression that lets exactly this inline text run. @see CSP3 §2.3.1 */
export function contentHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}
