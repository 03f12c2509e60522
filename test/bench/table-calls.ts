import type { RequestRecord } from '../../dev/host/serve-request.ts';
import { type Authenticator, type Walker, walk, walkingBrowser } from '../../dev/walk.ts';
import { startWorld } from '../../dev/world.ts';
import type { Budget, Section, Table } from './support/section.ts';

/** Table calls of a sign-in step by step, over HTTP, from /authorize to tokens. */
type Step = { readonly step: string; readonly calls: number };
type Steps = readonly Step[];
type Door = { readonly enrolment: Steps; readonly challenge: Steps; readonly session: Steps };
type Guest = { readonly person: Walker['person']; readonly authenticator: Authenticator };

/** Gus and one more who comes by his mailbox. */
const gus = { mail: 'gus@smallshop.example' };
const hal = { mail: 'hal@smallshop.example' };
const halsFile = JSON.stringify({
  id: 'a0000008-2f4e-4b6d-8a9c-1d3e5f7a9b08',
  userPrincipalName: 'hal_smallshop.example#EXT#@fabrikam.onmicrosoft.example',
  displayName: 'Hal Holt',
  mail: hal.mail,
  identities: [{ partner: 'mail', subject: hal.mail }],
  sponsor: 'Sam Sponsor (sam@fabrikam.example)',
});

export async function measureTableCalls(): Promise<Section> {
  const requests: RequestRecord[] = [];
  await using world = await startWorld({
    onRequest: (record) => void requests.push(record),
    journal: { line: () => undefined },
    seed: (files) => ({ ...files, 'guests/hal.json': halsFile }),
  });
  const [ann, ben] = world.people;
  if (!ann || !ben) throw new Error('the world has too few people');

  const stepsOf = async (walker: Walker): Promise<Steps> => {
    requests.length = 0;
    const { result, page } = await walk(world, walker);
    if (!JSON.stringify(result ?? null).includes('"signedIn":true'))
      throw new Error(`not signed in: ${JSON.stringify(result)} ${page}`);
    return requests.filter(isOfSignIn).map(({ method, path, calls }) => ({
      step: `${method} ${path}`,
      calls,
    }));
  };

  /** The first warms the instance up, then the second comes, again, and to another app. */
  const measure = async (first: Guest, second: Guest): Promise<Door> => {
    await stepsOf({ ...first, browser: walkingBrowser() });
    const walker = { ...second, browser: walkingBrowser() };
    const enrolment = await stepsOf(walker);
    const challenge = await stepsOf({ ...walker, query: 'prompt=login' });
    const session = await stepsOf({ ...walker, query: 'client=public' });
    return { enrolment, challenge, session };
  };
  const guest = (person: Walker['person']): Guest => ({ person, authenticator: {} });
  const federated = await measure(guest(ann), guest(ben));
  const passcode = await measure(guest(gus), guest(hal));
  return section(federated, passcode);
}

/** The app's own reading (metadata, keys, userinfo) is no part of the sign-in. */
const isOfSignIn = ({ path }: RequestRecord): boolean =>
  !path.startsWith('/.well-known') && path !== '/jwks' && path !== '/userinfo';

function section(federated: Door, passcode: Door): Section {
  const budget = (what: string, steps: Steps, aim: number): Budget => {
    const calls = sum(steps);
    return { what, aim: `≤ ${aim}`, figure: String(calls), met: calls <= aim };
  };
  return {
    title: 'Table calls of a sign-in',
    text: [
      'Counted by the local host while a guest signs in over HTTP, on an instance that has served one before. Every request to the table service counts, retries included; the configuration pointer, read every 5 seconds whoever comes, is apart.',
      'The budgets are those of a sign-in with the code of an authenticator app. **An enrolment makes two more**: the guest’s entry in the list of registered methods, which administrators read, and the notice in the outbox that tells guest and sponsor of the new method. The passcode’s 17 are its 15 and these two; the federated 14 are the 13 that an enrolment was given before there were notices, and the notice.',
      'Mails and wrong codes of the whole deployment are leased by each instance in portions of ten: one load and one commit more for the first of ten codes, not in these figures. The passcode guest comes again in the same browser, within the minute.',
    ],
    tables: [
      tableOf('Federated sign-in with TOTP', federated.challenge),
      tableOf('Federated, with enrolment', federated.enrolment),
      tableOf('Passcode sign-in with TOTP', passcode.challenge),
      tableOf('Passcode, with enrolment', passcode.enrolment),
      tableOf('Another app, by the session', passcode.session),
    ],
    budgets: [
      budget('federated sign-in with TOTP', federated.challenge, 12),
      budget('federated, with enrolment and its notice', federated.enrolment, 14),
      budget('passcode sign-in with TOTP', passcode.challenge, 15),
      budget('passcode, with enrolment and its notice', passcode.enrolment, 17),
      budget('another app, by the session', passcode.session, 5),
    ],
  };
}

const tableOf = (title: string, steps: Steps): Table => ({
  head: [title, 'Table calls'],
  rows: [
    ...steps.map(({ step, calls }) => [`\`${step}\``, String(calls)]),
    ['from /authorize to tokens', String(sum(steps))],
  ],
});

const sum = (steps: Steps): number => steps.reduce((total, { calls }) => total + calls, 0);
