import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Got } from './http-send.ts';

const sha = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Holds R50 against one answer of a function; what is inline in it is allowed by hash and nothing else is. */
export function guarded(got: Got): void {
  const { headers, text } = got;
  const policy = String(headers['content-security-policy']);
  const directives = new Map(
    policy
      .split('; ')
      .map((directive) => directive.split(/ (.*)/s).slice(0, 2) as [string, string]),
  );
  expect(directives.get('default-src')).toBe("'none'");
  expect(directives.get('frame-ancestors')).toBe("'none'");
  expect(directives.get('base-uri')).toBe("'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  const inline = (tag: string) =>
    [...text.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, body = '']) =>
      sha(body),
    );
  if (headers['content-type']?.startsWith('text/html')) {
    expect(directives.get('style-src')).toBe(inline('style').join(' '));
    expect(directives.get('script-src') ?? '').toBe(inline('script').join(' '));
    expect(text).not.toMatch(/<(iframe|object|embed|base|link rel="(?!icon))/);
    expect(/<[^>]*\s(on[a-z]+|style)\s*=/i.test(text.replaceAll(/"[^"]*"/g, ''))).toBe(false);
  }
  expect(headers['strict-transport-security']).toMatch(/^max-age=(\d{8,}); includeSubDomains/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['x-frame-options']).toBe('DENY');
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['referrer-policy']).toMatch(/^(no-referrer|same-origin)$/);
  expect(headers['cache-control']).toMatch(/^(no-store|public, max-age=300)$/);
  expect(headers['x-powered-by']).toBeUndefined();
  expect(headers['server']).toBeUndefined();
}
