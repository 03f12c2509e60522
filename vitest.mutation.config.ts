import { defineConfig } from 'vitest/config';

// The tests that know the policy engine: a mutant of it must be found by them alone.
export default defineConfig({
  test: {
    include: ['test/unit/policy/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
  },
});
