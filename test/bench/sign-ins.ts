import {
  type Driver,
  throughEmptyFunction,
  throughMailbox,
  throughRedirects,
  throughVestibule,
} from './sign-in/drivers.ts';
import { type MailedCode, openMailboxes } from './sign-in/mailboxes.ts';
import { addressOf, guestCount } from './sign-in/people.ts';
import { atOnce, type Question, type State, together } from './sign-in/protocol.ts';
import { type Child, isHeldToOneCore, startChild } from './support/child.ts';
import { median, megabytes, number, ratio } from './support/figures.ts';
import { openConnections } from './support/http-client.ts';
import type { Budget, Section } from './support/section.ts';

/** Sign-ins per second and memory, Vestibule beside oidc-provider and a hand-written floor. */
const warmUps = 2;
const rounds = 6;
const betweenMs = 12 * 3_600_000;

type Server = {
  readonly name: string;
  readonly module: string;
  readonly args: readonly string[];
  /** None: the server signs guests in by itself, without HTTP. */
  readonly driver?: Driver;
};

const vestibule = import.meta.resolve('./sign-in/vestibule-server.ts');
const flows = import.meta.resolve('./sign-in/vestibule-flows.ts');
const peer = import.meta.resolve('./sign-in/oidc-provider-server.ts');
const peerDriver = throughRedirects({ authorize: '/auth', token: '/token' });

const servers = {
  http: { name: 'Vestibule', module: vestibule, args: [], driver: throughVestibule },
  peer: {
    name: 'oidc-provider, signed access tokens',
    module: peer,
    args: ['--jwt'],
    driver: peerDriver,
  },
  httpTotp: {
    name: 'Vestibule with TOTP',
    module: vestibule,
    args: ['--mfa'],
    driver: throughVestibule,
  },
  passcode: {
    name: 'Vestibule, passcode',
    module: vestibule,
    args: ['--passcode'],
    driver: throughMailbox,
  },
  passcodeTotp: {
    name: 'Vestibule, passcode with TOTP',
    module: vestibule,
    args: ['--passcode', '--mfa'],
    driver: throughMailbox,
  },
  peerOpaque: {
    name: 'oidc-provider as it comes, opaque access tokens',
    module: peer,
    args: [],
    driver: peerDriver,
  },
  flows: { name: 'Vestibule, flows only', module: flows, args: [] },
  flowsTotp: { name: 'Vestibule, flows only, with TOTP', module: flows, args: ['--mfa'] },
  flowsPasscode: {
    name: 'Vestibule, flows only, passcode with TOTP',
    module: flows,
    args: ['--passcode', '--mfa'],
  },
  empty: {
    name: 'four empty functions, same host',
    module: import.meta.resolve('./sign-in/empty-function-server.ts'),
    args: [],
    driver: throughEmptyFunction,
  },
  floor: {
    name: 'hand-written floor',
    module: import.meta.resolve('./sign-in/floor-server.ts'),
    args: [],
    driver: throughRedirects({ authorize: '/authorize', token: '/token' }),
  },
} satisfies Record<string, Server>;

type Name = keyof typeof servers;
const names = Object.keys(servers) as Name[];

const mailboxes = openMailboxes();
const toMailbox = (told: unknown) => mailboxes.put(told as MailedCode);

type Round = { readonly perSecond: number; readonly cpuMs: number };
type Figures = {
  readonly rounds: Round[];
  startBytes: number;
  endBytes: number;
  liveBytes: number;
};

export async function measureSignIns(): Promise<Section> {
  await using children = new AsyncDisposableStack();
  const started = new Map<Name, Child<Question, State>>();
  const figures = new Map<Name, Figures>();
  for (const name of names) {
    const { module, args } = servers[name];
    const child = children.use(await startChild<Question, State>(module, args, toMailbox));
    started.set(name, child);
    figures.set(name, { rounds: [], startBytes: child.ready.rssBytes, endBytes: 0, liveBytes: 0 });
  }
  for (let round = -warmUps; round < rounds; round++)
    for (const [name, child] of started) {
      const figure = figures.get(name);
      const { rssBytes, ...measured } = await run(servers[name], child);
      if (!figure) continue;
      figure.endBytes = rssBytes;
      if (round >= 0) figure.rounds.push(measured);
    }
  for (const [name, child] of started) {
    const figure = figures.get(name);
    if (figure) figure.liveBytes = (await child.ask({ collect: true })).liveBytes;
  }
  return section(figures);
}

/** Every guest once. */
async function run(server: Server, child: Child<Question, State>) {
  const before = await child.ask({ advanceMs: betweenMs });
  const started = performance.now();
  let after: State;
  let tookMs: number;
  if (server.driver) {
    const { driver } = server;
    const connections = openConnections(atOnce);
    await together(guestCount, (index) =>
      driver(connections.browser(addressOf(index)), before, index, mailboxes),
    );
    tookMs = performance.now() - started;
    connections.close();
    after = await child.ask({});
  } else {
    after = await child.ask({ signIns: guestCount });
    tookMs = after.tookMs;
  }
  return {
    perSecond: (guestCount / tookMs) * 1000,
    cpuMs: (after.cpuMs - before.cpuMs) / guestCount,
    rssBytes: after.rssBytes,
  };
}

function section(figures: ReadonlyMap<Name, Figures>): Section {
  const of = (name: Name) =>
    figures.get(name) ?? { rounds: [], startBytes: 0, endBytes: 0, liveBytes: 0 };
  const rates = (name: Name) => of(name).rounds.map(({ perSecond }) => perSecond);
  const cpu = (name: Name) => of(name).rounds.map(({ cpuMs }) => cpuMs);
  const rateRatio = (a: Name, b: Name) => medianRatio(rates(a), rates(b));
  const cpuRatio = (a: Name, b: Name) => medianRatio(cpu(a), cpu(b));
  const endMegabytes = of('httpTotp').endBytes / 2 ** 20;
  const signIns = ((warmUps + rounds) * guestCount).toLocaleString('en-GB');

  const faster = (what: string, a: Name, b: Name): Budget => {
    const figure = rateRatio(a, b);
    return { what, aim: '≥ 2×', figure: `${number(figure)}×`, met: figure >= 2 };
  };
  return {
    title: 'Sign-ins',
    text: [
      `Code flow with PKCE, ${atOnce} guests under way at once, ${guestCount} sign-ins a run, RS256. One process a server${isHeldToOneCore ? ', held to one core' : ''}; one client for all; ${warmUps} runs to warm up, then medians of ${rounds} runs, in turn. Ratios are medians of the ratios within a round.`,
      'Vestibule runs its real functions behind the local host, which stands for Azure’s. State lies in memory, behind the same port as the tables. **The partner is a stand-in at the port**: no request to it and no signature of its is in these figures, as oidc-provider’s login is one that knows the person at once. Each makes four requests of a sign-in; TOTP adds a fifth, for which oidc-provider has no counterpart. Vestibule signs two tokens; oidc-provider does with `resourceIndicators`, and one as it comes.',
      'At the passcode’s door **the mail service is a stand-in at the port, and nothing waits**: the mail is put into words, its code handed to the client in process (through HTTP, by a message between the two), and the answer leaves when the work is done. The fixed moment of 1.5 s, at which such a request is answered in earnest, is waiting, not work. Guests come from ten addresses, twelve hours after their last time, and the day has mails to spare: no limit is met.',
      '“Flows only” calls the same steps inside one process: no HTTP, no pages, no local host. CPU is the whole process’s, thread pool included.',
    ],
    tables: [
      {
        head: [
          'Server',
          'Sign-ins/s',
          'CPU ms each',
          'RSS at start',
          `RSS after ${signIns}`,
          'Live heap',
        ],
        rows: names.map((name) => [
          servers[name].name,
          number(median(rates(name))),
          number(median(cpu(name))),
          `${megabytes(of(name).startBytes)} MB`,
          `${megabytes(of(name).endBytes)} MB`,
          `${megabytes(of(name).liveBytes)} MB`,
        ]),
      },
      {
        head: ['Ratio, higher is better for Vestibule', 'Rate', 'CPU'],
        rows: (
          [
            ['http', 'peer'],
            ['http', 'peerOpaque'],
            ['httpTotp', 'peer'],
            ['flows', 'peer'],
            ['flowsTotp', 'peer'],
            ['passcode', 'peer'],
            ['passcodeTotp', 'peer'],
            ['flowsPasscode', 'peer'],
            ['passcode', 'http'],
            ['http', 'empty'],
          ] as const
        ).map(([a, b]) => [
          `${servers[a].name} ÷ ${servers[b].name}`,
          `${number(rateRatio(a, b))}×`,
          `${number(cpuRatio(b, a))}×`,
        ]),
      },
    ],
    budgets: [
      faster('rate through HTTP ÷ oidc-provider, both sign two tokens', 'http', 'peer'),
      faster('rate of the flows only ÷ oidc-provider through HTTP', 'flows', 'peer'),
      {
        what: 'CPU through HTTP ÷ the floor, same tokens',
        aim: '≤ 2×',
        figure: ratio(cpuRatio('http', 'floor'), 1),
        met: cpuRatio('http', 'floor') <= 2,
      },
      {
        what: `RSS after ${signIns} sign-ins with TOTP`,
        aim: '≤ 130 MB',
        figure: `${number(endMegabytes)} MB`,
        met: endMegabytes <= 130,
      },
    ],
  };
}

const medianRatio = (a: readonly number[], b: readonly number[]): number =>
  median(a.map((value, round) => value / (b[round] ?? Number.NaN)));
