import { parseArgs } from 'node:util';
import type { RequestRecord } from './host/serve-request.ts';
import { type Authenticator, type Walked, walk, walkingBrowser } from './walk.ts';
import { startWorld } from './world.ts';

/**
 * `npm run demo`: two guests walk in without a browser, one by her own organisation, one by a mailed
 * code. Each enrols, comes again, and opens another app. Prints every step with its table calls, the
 * decision and the token's claims; `--json` for machines.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

type SignedIn = { readonly signedIn: boolean; readonly claims?: Record<string, unknown> };

const requests: RequestRecord[] = [];
const decisions: Record<string, unknown>[] = [];
await using world = await startWorld({
  onRequest: (record) => void requests.push(record),
  journal: {
    line: (_level, event, detail) => {
      if (event === 'signIn' && detail) decisions.push(detail);
    },
  },
});
const [ann] = world.people;
if (!ann) throw new Error('Contoso has no people');
const gus = { name: 'Gus Greve', mail: 'gus@smallshop.example' };

/** What a guest does one after the other, in one browser. */
const occasions = [
  { what: 'first time: sets up an authenticator app', query: '' },
  { what: 'again: a code only', query: 'prompt=login' },
  { what: 'another app: the session does', query: 'client=public' },
] as const;

const guests = [];
for (const person of [ann, gus]) {
  const authenticator: Authenticator = {};
  const browser = walkingBrowser();
  for (const { what, query } of occasions) {
    requests.length = 0;
    const walked = await walk(world, { person, authenticator, browser, query });
    guests.push(told(`${person.name}, ${what}`, walked));
  }
}

if (values.json) console.log(JSON.stringify({ guests }, null, 2));
else for (const guest of guests) print(guest);
const failed = guests.some((guest) => guest.idToken === undefined);
process.exitCode = failed ? 1 : 0;

function told(person: string, walked: Walked) {
  const result = walked.result as SignedIn | undefined;
  const own = requests.filter(({ path }) => !path.startsWith('/.well-known') && path !== '/jwks');
  const steps = own.map(({ method, path, status, calls }) => ({
    step: `${method} ${path}`,
    status,
    tableCalls: calls,
  }));
  // userinfo is the app's own wish, not part of the sign-in
  const counted = steps.filter(({ step }) => !step.endsWith('/userinfo'));
  return {
    person,
    steps,
    decision: decisions.at(-1),
    idToken: result?.claims,
    tableCalls: counted.reduce((sum, { tableCalls }) => sum + tableCalls, 0),
  };
}

function print(guest: ReturnType<typeof told>): void {
  console.log(`\n${guest.person}\n`);
  for (const { step, status, tableCalls } of guest.steps)
    console.log(`  ${step.padEnd(28)} ${status}   ${tableCalls} table calls`);
  console.log(`  ${'from /authorize to tokens'.padEnd(28)}       ${guest.tableCalls} table calls`);
  console.log('\n  decision', guest.decision);
  console.log('  ID token', guest.idToken);
}
