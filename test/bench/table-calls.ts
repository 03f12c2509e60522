import type { RequestRecord } from '../../dev/host/serve-request.ts';
import { type Authenticator, walk } from '../../dev/walk.ts';
import { startWorld, type World } from '../../dev/world.ts';
import type { Budget, Section, Table } from './support/section.ts';

/** Table calls of a sign-in step by step, over HTTP, from /authorize to tokens. */
const aims = { challenge: 12, enrolment: 13 } as const;

type Step = { readonly step: string; readonly calls: number };

export async function measureTableCalls(): Promise<Section> {
  const requests: RequestRecord[] = [];
  await using world = await startWorld({
    onRequest: (record) => void requests.push(record),
    journal: { line: () => undefined },
  });
  const [ann, ben] = world.people;
  if (!ann || !ben) throw new Error('the world has too few people');

  const stepsOf = async (person: World['people'][number], authenticator: Authenticator) => {
    requests.length = 0;
    const { result } = await walk(world, { person, authenticator });
    if (!JSON.stringify(result ?? null).includes('"signedIn":true'))
      throw new Error(`not signed in: ${JSON.stringify(result)}`);
    return requests.filter(isOfSignIn).map(({ method, path, calls }) => ({
      step: `${method} ${path}`,
      calls,
    }));
  };
  const authenticator: Authenticator = {};
  await stepsOf(ann, authenticator); // warms the instance up
  const enrolment = await stepsOf(ben, {});
  const challenge = await stepsOf(ann, authenticator);
  return section(challenge, enrolment);
}

/** The app's own reading (metadata, keys, userinfo) is no part of the sign-in. */
const isOfSignIn = ({ path }: RequestRecord): boolean =>
  !path.startsWith('/.well-known') && path !== '/jwks' && path !== '/userinfo';

function section(challenge: readonly Step[], enrolment: readonly Step[]): Section {
  const budget = (what: string, steps: readonly Step[], aim: number): Budget => {
    const calls = sum(steps);
    return { what, aim: `≤ ${aim}`, figure: String(calls), met: calls <= aim };
  };
  return {
    title: 'Table calls of a sign-in',
    text: [
      'Counted by the local host while a guest signs in over HTTP, on an instance that has served one before. Every request to the table service counts, retries included; the configuration pointer, read every 5 seconds whoever comes, is apart.',
    ],
    tables: [
      tableOf('Federated sign-in with a code', challenge),
      tableOf('With enrolment', enrolment),
    ],
    budgets: [
      budget('federated sign-in with TOTP', challenge, aims.challenge),
      budget('with enrolment', enrolment, aims.enrolment),
    ],
  };
}

const tableOf = (title: string, steps: readonly Step[]): Table => ({
  head: [title, 'Table calls'],
  rows: [
    ...steps.map(({ step, calls }) => [`\`${step}\``, String(calls)]),
    ['from /authorize to tokens', String(sum(steps))],
  ],
});

const sum = (steps: readonly Step[]): number =>
  steps.reduce((total, { calls }) => total + calls, 0);
