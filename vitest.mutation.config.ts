import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// The tests that know the policy engine: a mutant of it must be found by them alone, and by the quick
// ones first.
const last = ['properties.test.ts', 'compiled.test.ts', 'reference.test.ts'];
const rank = ({ moduleId }: TestSpecification): number => last.indexOf(basename(moduleId));

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  test: {
    include: ['test/unit/policy/**/*.test.ts'],
    pool: 'forks',
    isolate: false,
    testTimeout: 60_000,
    env: { VESTIBULE_MUTATION: 'yes' },
    sequence: { sequencer: QuickFirst },
  },
});
