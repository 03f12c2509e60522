import { install, openHouse, type Parts } from './compose.ts';
import { readConfig } from './config.ts';

/**
 * For dev and test alone, which the import rules see to: the process's house with another clock,
 * journal or call counter. Call it before the first request; `undefined` gives back the usual one.
 */
export function overrideCompose(
  env: Readonly<Record<string, string | undefined>>,
  parts: Parts | undefined,
): void {
  install(parts && openHouse(readConfig(env), parts));
}

/** A whole house built by hand, for benchmarks. */
export const installHouse = install;
