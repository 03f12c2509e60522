import given from './given.json' with { type: 'json' };

/** What one way through the gateway costs, counted by `npm run bench`. */
export type Way = {
  readonly name: string;
  readonly requests: number;
  readonly tableCalls: number;
};

export type Ways = Readonly<Record<'federated' | 'passcode' | 'session' | 'enrolment', Way>>;

const titles: Readonly<Record<keyof Ways, string>> = {
  federated: 'Federated sign-in with TOTP',
  passcode: 'Passcode sign-in with TOTP',
  session: 'Another app, by the session',
  enrolment: 'Federated, with enrolment',
};

/** Reads the counts out of docs/performance.md, as the bench wrote them. */
export function readWays(page: string): Ways {
  const read = (title: string): Way => {
    const rows = page.split('\n');
    const start = rows.findIndex((row) => row.startsWith(`| ${title}`));
    if (start < 0) throw new Error(`docs/performance.md has no table "${title}"`);
    const own = rows.slice(start + 2, rows.indexOf('', start));
    const calls = own.map((row) => Number(row.split('|')[2]));
    const tableCalls = calls.at(-1) ?? Number.NaN;
    if (!Number.isInteger(tableCalls)) throw new Error(`"${title}" has no total`);
    return { name: title, requests: own.length - 1, tableCalls };
  };
  return {
    federated: read(titles.federated),
    passcode: read(titles.passcode),
    session: read(titles.session),
    enrolment: read(titles.enrolment),
  };
}

const { prices, limits, counted, assumed } = given;
const secondsPerMonth = 30 * 24 * 3600;
const secondsPerHour = 3600;

/**
 * An instance is paid while it has anything to do, a second at least each time. So the month costs no
 * less than what one instance is busy with requests that come at random times, evenly over the month,
 * and no less than all requests packed onto as few instances as hold them.
 */
function activeSeconds(requests: number): number {
  const packed = (requests * assumed.secondsPerExecution) / assumed.requestsAtOnce;
  const perSecond = requests / secondsPerMonth;
  const idle = Math.exp(-perSecond * counted.leastActiveSeconds);
  return Math.max(packed, (1 - idle) * secondsPerMonth);
}

const timerRuns = (secondsPerMonth / secondsPerHour) * counted.timerRunsPerHour;

type Amounts = {
  readonly requests: number;
  readonly tableCalls: number;
  readonly mails: number;
  /** Two tokens each. */
  readonly signatures: number;
};

/** Of the mean sign-in, by the assumed shares. */
function meanSignIn(ways: Ways): Amounts {
  const { federated, passcode, session } = assumed.ways;
  const more = assumed.enrolling * (ways.enrolment.tableCalls - ways.federated.tableCalls);
  const mean = (of: (way: Way) => number) =>
    federated * of(ways.federated) + passcode * of(ways.passcode) + session * of(ways.session);
  return {
    requests: mean(({ requests }) => requests),
    tableCalls: mean(({ tableCalls }) => tableCalls) + more,
    mails: passcode + assumed.enrolling * counted.mailsPerEnrolment,
    signatures: 2,
  };
}

/** Dollars of so many sign-ins, part by part. */
function costs(each: Amounts, signIns: number) {
  const requests = signIns * each.requests;
  const seconds = activeSeconds(requests) + timerRuns * counted.leastActiveSeconds;
  return {
    executions: (requests + timerRuns) * prices.execution,
    time: seconds * assumed.instanceGigabytes * prices.gigabyteSecond,
    tables: signIns * each.tableCalls * prices.tableCall,
    vault: signIns * each.signatures * prices.vaultSign,
    mail: signIns * each.mails * prices.mail,
    logs: ((signIns * assumed.logKilobytes) / 1e6) * prices.logGigabyte,
  };
}

type Ceiling = { readonly what: string; readonly share: number; readonly lifted: string };

/** How much of each limit the busiest moment takes; above 1 it is met. */
function ceilings(each: Amounts, signIns: number): readonly Ceiling[] {
  const perSecond = (signIns / secondsPerMonth) * assumed.peakFactor;
  return [
    {
      what: 'mails an hour',
      share: (perSecond * 3600 * each.mails) / limits.mailsPerHour,
      lifted:
        'ask Azure for a higher quota of the sending domain; partners of their own instead of passcodes',
    },
    {
      what: 'signatures of one vault',
      share: (perSecond * each.signatures) / limits.vaultSignsPerSecond,
      lifted: '`signing` = `wrapped`: the vault unwraps a key once an instance',
    },
    {
      what: 'table calls of one storage account',
      share: (perSecond * each.tableCalls) / limits.tableCallsPerSecond,
      lifted: '`tables` = `cosmos`, or a gateway for each group of partners',
    },
    {
      what: 'operations of one partition, the log’s',
      share: perSecond / counted.shards / limits.partitionOperationsPerSecond,
      lifted: 'more shards an hour, which is a change of the code',
    },
    {
      what: 'instances',
      share:
        (perSecond * each.requests * assumed.secondsPerExecution) /
        assumed.requestsAtOnce /
        limits.instances,
      lifted: `the template’s \`maximumInstances\`, up to ${count(limits.mostInstances)} (above ${count(limits.gigabytesOfRegion / assumed.instanceGigabytes)} of ${assumed.instanceGigabytes} GB the region’s quota has to be raised); then a second deployment`,
    },
  ].toSorted((a, b) => b.share - a.share);
}

const sizes = [1e6, 1e7, 1e8] as const;

const money = (dollars: number): string =>
  dollars < 10 ? dollars.toFixed(2) : Math.round(dollars).toLocaleString('en-GB');
const count = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en-GB', { maximumFractionDigits: 2 });
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** docs/scale.md, whole. */
export function scalePage(ways: Ways): string {
  const each = meanSignIn(ways);
  const parts = Object.keys(costs(each, 1)) as (keyof ReturnType<typeof costs>)[];
  const total = (signIns: number) =>
    Object.values(costs(each, signIns)).reduce((sum, part) => sum + part, 0);
  const perMillion = (signIns: number) => total(signIns) / (signIns / 1e6);
  const names: Readonly<Record<(typeof parts)[number], string>> = {
    executions: 'executions',
    time: 'GB-seconds',
    tables: 'table transactions',
    vault: 'vault signatures',
    mail: 'mails',
    logs: 'logs',
  };
  const { federated, passcode, session } = assumed.ways;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return `# Scale, on paper

Written by \`npm run scale\` from the calls that \`npm run bench\` counted (docs/performance.md) and from \`scripts/scale/given.json\`; a test holds this page to them. **Nobody has run the gateway at these sizes**, and no figure here comes from an invoice.

## What is counted, and what is assumed

${row(['Way', 'Requests', 'Table calls'])}
|---|--:|--:|
${Object.values(ways)
  .map((way) => row([way.name, String(way.requests), String(way.tableCalls)]))
  .join('\n')}

Assumed: ${percent(federated)} of sign-ins federated, ${percent(passcode)} by a mailed code, ${percent(session)} to a further app by the session; ${percent(assumed.enrolling)} enrol. The busiest moment has ${assumed.peakFactor} times the mean of the month. A request takes ${assumed.secondsPerExecution * 1000} ms on an instance of ${assumed.instanceGigabytes} GB that serves ${assumed.requestsAtOnce} at once. The platform counts an instance while it works, ${counted.leastActiveSeconds} s at least each time: the fewer requests, the dearer each, and the month is reckoned as if they came evenly. Timers run ${counted.timerRunsPerHour} times an hour, each on an instance of its own; their table calls are left out. An enrolment sends ${counted.mailsPerEnrolment} mails, to guest and sponsor. A sign-in leaves ${assumed.logKilobytes} KB of logs. Every token is signed by the vault. Prices: ${prices.read}.

The mean sign-in then has ${count(each.requests)} requests, ${count(each.tableCalls)} table calls, ${count(each.signatures)} signatures and ${count(each.mails)} mails.

## Cost a month, ${prices.currency}

${row(['Sign-ins a month', ...parts.map((part) => names[part]), 'together', 'per million'])}
|---|${'--:|'.repeat(parts.length + 2)}
${sizes
  .map((size) =>
    row([
      count(size),
      ...parts.map((part) => money(costs(each, size)[part])),
      money(total(size)),
      money(perMillion(size)),
    ]),
  )
  .join('\n')}

Apart from these: always-ready instances, the private network, storage of what is kept, the vault's keys.

## The first ceiling

How much of a limit the busiest moment takes. Above 100 % it is met, and the setting beside it lifts it.

${sizes.map((size) => ceilingTable(each, size)).join('\n\n')}

The log of an hour lies in ${counted.shards} partitions; so do a day's passcode sign-ins, ${percent(passcode)} of all. Guests have a partition each, federated sign-ins are spread over 256 a day. The configuration pointer is read every five seconds by each instance: at ${count(limits.mostInstances)} instances ${count(limits.mostInstances / 5)} reads a second of one partition.

## Several regions

Table storage takes writes in one region. \`tables\` = \`cosmos\` puts Cosmos DB's Table API in its place, which can have more; the template sets up one, with strong consistency. Every promise of the gateway is made by a write with its ETag, so one region must go on taking all writes: what a second one gives is a place to go on from, not more writes. Cosmos DB is paid by provisioned throughput, which is not in the costs above.
`;
}

function ceilingTable(each: Amounts, size: number): string {
  const perSecond = (size / secondsPerMonth) * assumed.peakFactor;
  return `### ${count(size)} a month: ${count(perSecond)} a second at the busiest

| Limit | Taken | Lifted by |
|---|--:|---|
${ceilings(each, size)
  .map(({ what, share, lifted }) => row([what, `${count(share * 100)} %`, lifted]))
  .join('\n')}`;
}
