/**
 * The process is killed at every one of its table calls, while a guest comes in by a mailed code. What
 * is stored then is whole: nothing is granted that no decision grants, no second code is mailed for
 * one request, no act is without its record, and the guest goes on or begins again.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScannedRow } from '../../shared/ports.ts';
import { authorizationPrefix, authorizationRow } from '../../shared/rows/authorization.ts';
import { guestKey, guestRow } from '../../shared/rows/guest.ts';
import { logRow } from '../../shared/rows/log.ts';
import { readRow, rowsWith } from '../../shared/rows/row.ts';
import { type KillableGateway, mailOf, startKillableGateway } from '../support/killable-gateway.ts';
import { mailedWay, requests } from '../support/mailed-way.ts';

/** More than any of the requests has. */
const callsMost = 14;

let gateway: KillableGateway;
let guest = 0;
beforeAll(async () => {
  gateway = await startKillableGateway(requests.length * callsMost);
}, 60_000);
afterAll(() => gateway[Symbol.asyncDispose]());

const distinctCodes = (mail: string): number =>
  new Set(
    gateway.mailbox
      .mailsTo(mail)
      .flatMap(({ plainText }) => /\b\d{4} \d{4}\b/.exec(plainText) ?? []),
  ).size;

async function rowsOf(table: 'guests' | 'log', from = '', to = '~') {
  const found: ScannedRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await gateway.store.scan(table, { from, to }, { limit: 1000, cursor });
    found.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

/** What must hold whenever it died. */
async function holds(mail: string): Promise<void> {
  const rows = await rowsOf('guests');
  const places = new Set(rows.map(({ partition, key }) => `${partition} ${key}`));
  const authorizations = rowsWith(authorizationRow, rows, authorizationPrefix);
  for (const [index, { value }] of authorizations.entries()) {
    if (value.state !== 'code' && value.state !== 'redeemed') continue;
    expect(value.decision).toMatchObject({ outcome: 'grant' });
    const { partition } =
      rows.filter(({ key }) => key.startsWith(authorizationPrefix))[index] ?? {};
    expect(places.has(`${partition} ${value.code?.session}`)).toBe(true);
  }
  const audits = (await rowsOf('log', 'audit.', 'audit/')).map((row) => readRow(logRow, row).value);
  const intents = audits.flatMap((entry) =>
    entry.kind === 'audit' && entry.phase === 'intent' ? [entry.operationId] : [],
  );
  for (const { value } of rowsWith(guestRow, rows, guestKey))
    if (value.lastReset) expect(intents).toContain(value.lastReset.operationId);
  await gateway.fireTimer('mail-outbox');
  expect(distinctCodes(mail)).toBeLessThanOrEqual(1);
}

describe('A120: killed at every table call', () => {
  it.each(requests)('of %s', { timeout: 240_000 }, async (name) => {
    let died = 0;
    for (let n = 1; n <= callsMost; n++) {
      const mail = mailOf(guest++);
      const { steps, upTo, startOver } = mailedWay(gateway, mail);
      await upTo(name);
      if (!(await gateway.killedAt(n, steps[name]))) break;
      died++;
      await holds(mail);
      // the same form once more: an answer, and nothing given twice
      const again = await steps[name]();
      expect(again.status, `call ${n}: ${again.text.slice(0, 200)}`).toBeLessThan(500);
      await holds(mail);
      // and from the start; codes asked for from one address are limited, so not each time
      if (n === 1) expect((await startOver()).status).toBe(200);
    }
    expect(died).toBeGreaterThan(2);
    expect(died).toBeLessThan(callsMost);
  });
});
