import { describe, expect, it } from 'vitest';
import type { ProxiedRequest } from '../../dev/fault-proxy.ts';
import { dump, openTestHouse, type TestHouse } from '../support/house.ts';
import { brief, codeOf, newBrowser, pageOf } from '../support/house-browser.ts';
import { logEntries, standingOf } from '../support/house-rows.ts';
import {
  authorizeAndSignIn,
  comeBack,
  enrol,
  redeem,
  reset,
  status,
  verify,
} from '../support/house-steps.ts';

/**
 * Every write of a whole story in turn is carried out while its answer is lost: the connection is reset
 * after the table service has applied it. Nobody may notice.
 */

/** Enrolment and sign-in, tokens, sign-in with a code, tokens, reset. */
async function story(world: TestHouse): Promise<readonly string[]> {
  const said: string[] = [];
  const browser = newBrowser();
  const first = await authorizeAndSignIn(world, browser);
  const page = pageOf(await comeBack(world, browser, first, 'ann'), 'enrol');
  const enrolled = await enrol(world, browser, page);
  said.push(brief(enrolled), status(await redeem(world, first, codeOf(enrolled))));
  world.clock.advance(60_000);
  const second = await authorizeAndSignIn(world, browser);
  const challenge = pageOf(await comeBack(world, browser, second, 'ann'), 'challenge');
  const verified = await verify(world, browser, challenge, page.secret);
  said.push(brief(verified), status(await redeem(world, second, codeOf(verified))));
  const third = await authorizeAndSignIn(world, browser);
  const wrong = pageOf(await comeBack(world, browser, third, 'ann'), 'challenge');
  said.push(brief(await verify(world, browser, wrong, page.secret)));
  const done = await reset(world, 'ann', { idempotencyKey: 'once' });
  said.push(done.kind);
  return said;
}

/** What is stored, in words that do not hang on chance. */
async function endState(world: TestHouse) {
  const rows = await dump(world, ['expiring', 'directory']);
  return {
    standing: await standingOf(world, 'ann'),
    signIns: rows
      .flatMap(({ value }) => ('state' in value ? [JSON.stringify(value['state'])] : []))
      .sort(),
    once: rows.filter(({ key }) => key.startsWith('once.')).length,
    list: rows.filter(({ partition }) => partition === 'list.a0').map(({ value }) => value),
    log: (await logEntries(world))
      .map((entry) =>
        entry.kind === 'audit'
          ? `audit ${entry.activity} ${entry.phase} ${entry.result ?? ''}`
          : `signIn ${entry.result} ${entry.outcome}`,
      )
      .sort(),
    alarms: world.alarms(),
  };
}

const isWrite = ({ method, url }: ProxiedRequest): boolean =>
  method !== 'GET' || url.includes('$batch');

const open = () => openTestHouse({ through: { deadlineMs: 4_000 } });

describe('A121: the answer of a write is lost', () => {
  it('A121: each write of a whole story in turn → the same end, one effect, nobody locked out', async () => {
    await using calm = await open();
    const expected = { said: await story(calm), state: await endState(calm) };
    expect(expected.said).toEqual(['code', '200', 'code', '200', 'challenge used', 'done']);
    const writes = calm.proxy?.seen.filter(isWrite).length ?? 0;
    expect(writes).toBeGreaterThan(20);
    for (let lost = 1; lost <= writes; lost++) {
      await using world = await open();
      let write = 0;
      const { proxy } = world;
      if (!proxy) throw new Error('no proxy');
      // only the first sending of the write: its repetition and the read-back pass
      proxy.rule((request) => (isWrite(request) && ++write === lost ? 'rst-after' : undefined));
      const said = await story(world);
      expect({ said, state: await endState(world) }, `write ${lost}`).toEqual(expected);
      expect(proxy.seen.filter(({ fault }) => fault === 'rst-after')).toHaveLength(1);
    }
  }, 60_000);
});
