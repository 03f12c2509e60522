/**
 * Behind Azure Front Door: whoever goes round it, or rents one of their own, gets nothing done; and the
 * address is the one that Front Door saw, whatever else a request says.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeIdp, startFakeIdp } from '../support/fake-idp.ts';
import { answerOfNorthwind, nora, withNorthwind } from '../support/http-northwind.ts';
import { ask, leaveForHome } from '../support/http-steps.ts';
import { type HttpWorld, startHttpWorld } from '../support/http-world.ts';

const ours = '7c9a1b52-3d7e-4f0a-9b64-0c1d2e3f4a5b';
const another = '7c9a1b52-3d7e-4f0a-9b64-0c1d2e3f4a5c';
const office = '203.0.113.5';
const home = '198.51.100.7';

let idp: FakeIdp;
let world: HttpWorld;
beforeAll(async () => {
  idp = await startFakeIdp();
  world = await startHttpWorld({ seed: withNorthwind(idp) });
  world.restart({
    VESTIBULE_CLIENT_ADDRESS: 'frontDoor',
    VESTIBULE_FRONT_DOOR_ID: ours.toUpperCase(),
  });
});
afterAll(async () => {
  await world.close();
  await idp[Symbol.asyncDispose]();
});

/** Nora's way to the callback of an app for which only the offices are let in. */
async function statusAtTimesheets(headers: Readonly<Record<string, string>>): Promise<number> {
  const browser = world.browser({ 'x-azure-fdid': ours, 'x-azure-socketip': office });
  const leaving = await leaveForHome(world, browser, ask(world, {}, 'timesheets'), nora.mail);
  return (await browser.open(answerOfNorthwind(world, idp, leaving), { headers })).status;
}

describe('A099 R42 Front Door', () => {
  it('A099 every function refuses a request that did not come through ours', async () => {
    const before = await world.dumpTables();
    const routes = world.functions.flatMap((each) => (each.kind === 'http' ? [each] : []));
    expect(routes.length).toBeGreaterThan(20);
    for (const { route, methods } of routes)
      for (const method of methods)
        for (const headers of [
          {},
          { 'x-azure-fdid': another },
          { 'x-azure-fdid': `${another},${ours}` },
          { 'x-azure-fdid': `${ours}, ${ours}` },
          { 'x-azure-fdid': '' },
          { 'x-forwarded-for': ours, 'x-fd-healthprobe': '1' },
        ]) {
          const path = route.replace(/\{\*?\w+\??(:\w+)?\}/g, 'x');
          const got = await world.send(path, { method, headers });
          expect([method, path, headers, got.status]).toEqual([method, path, headers, 403]);
        }
    expect(await world.dumpTables()).toBe(before);
  });

  it('A099 through ours it is answered, however the id is written', async () => {
    for (const id of [ours, ours.toUpperCase()]) {
      const got = await world.send('/health', { headers: { 'x-azure-fdid': id } });
      expect(got.status).toBe(200);
    }
  });

  it.each([
    ['the office', office, 200],
    ['the office mapped into IPv6', `::ffff:${office}`, 200],
    ['the office in IPv6', '2001:DB8:FAB::1', 200],
    ['elsewhere', home, 403],
    ['nothing', '', 503],
    ['two addresses', `${office}, ${office}`, 503],
    ['an address with a port', `${office}:443`, 503],
    ['no address', 'unknown', 503],
    ['octal', '0313.0.0161.05', 503],
    ['a zone', 'fe80::1%eth0', 503],
  ])('R42 the address is X-Azure-SocketIP: %s', async (_, address, status) => {
    const headers = { 'x-azure-socketip': address };
    expect(await statusAtTimesheets(headers)).toBe(status);
  });

  it.each([
    { 'x-forwarded-for': office },
    { 'x-forwarded-for': `${office}, ${office}` },
    { 'x-azure-clientip': office },
    { 'x-real-ip': office, forwarded: `for=${office}`, 'true-client-ip': office },
    { 'client-ip': office, 'x-original-for': office, 'x-client-ip': office },
  ])('A097 R42 from elsewhere, %j makes nobody come from the office', async (headers) => {
    expect(await statusAtTimesheets({ ...headers, 'x-azure-socketip': home })).toBe(403);
    expect(await statusAtTimesheets({ ...headers, 'x-azure-socketip': '' })).toBe(503);
  });
});
