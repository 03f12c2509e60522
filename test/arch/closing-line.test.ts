import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Files, plant } from './plant.ts';

const vitest = "import { beforeAll, describe, expect, it } from 'vitest';\n";
const passes = `${vitest}it('passes', () => expect(1).toBe(1));\n`;

async function endOf(files: Files) {
  using tree = plant({
    'vitest.config.ts': readFileSync('vitest.config.ts', 'utf8'),
    'test/support/closing-line.ts': readFileSync('test/support/closing-line.ts', 'utf8'),
    // What `npm test` runs first; nothing here asks for it.
    'scripts/link-node.cjs': '',
    ...files,
  });
  const { failed, output } = await tree.run('test');
  const line = output.split('\n').findLast((text) => / passed, /.test(text));
  return { failed, line };
}

describe('the closing line', () => {
  it('counts what passed', async () => {
    expect(await endOf({ 'test/a.test.ts': passes })).toEqual({
      failed: false,
      line: '1 passed, 0 failed',
    });
  });

  it.each([
    ['a test that fails', `${vitest}it('fails', () => expect(1).toBe(2));\n`],
    ['a file that does not load', "import './nowhere.ts';\n"],
    ['a file without a test', vitest],
    [
      'a hook that throws',
      `${vitest}describe('x', () => { beforeAll(() => { throw new Error('x'); }); it('y', () => {}); });\n`,
    ],
    [
      'an error outside every test',
      `${vitest}it('x', async () => { void Promise.reject(new Error('x')); await new Promise((r) => setTimeout(r, 20)); });\n`,
    ],
  ])('counts %s', async (_what, code) => {
    const { failed, line } = await endOf({ 'test/a.test.ts': passes, 'test/b.test.ts': code });
    expect(failed).toBe(true);
    expect(line).toMatch(/^[12] passed, 1 failed$/);
  });

  it('is red when there is nothing to run', async () => {
    const { failed, line } = await endOf({});
    expect(failed).toBe(true);
    expect(line).toBe('0 passed, 1 failed');
  });
});
