import { randomBytes } from 'node:crypto';
import { newSignInId } from '../../../shared/core/handles.ts';
import { randomGuid, randomToken, type SignInHash } from '../../../shared/core/ids.ts';
import { inParallel } from '../../../shared/core/parallel.ts';
import { dayOf, hourOf, later, minutesMs } from '../../../shared/core/time.ts';
import type { Change, Partition, Store } from '../../../shared/ports.ts';
import { expiring } from '../../../shared/rows/expiring.ts';
import { countPartition, type Mailbox, mailboxKey } from '../../../shared/rows/mailbox.ts';
import { insert } from '../../../shared/rows/row.ts';
import {
  type HomeSignIn,
  type MailSignIn,
  signInKey,
  signInPartition,
} from '../../../shared/rows/sign-in.ts';
import { type Source, sourceKey } from '../../../shared/rows/source.ts';

/** Rows of a day as sign-ins leave them, by number, so that every fill has the same mixture. */
type Placed = { readonly partition: Partition; readonly change: Change };

/** In words, for the figures. */
export const mixture =
  'of ten rows five are federated sign-ins that led to a guest, one was left at the partner, two are passcode sign-ins that led to a guest, one counts a mailbox and one a source address';

const batchRows = 100;
const batchesAtOnce = 4;

/** Writes `count` rows of the day of `at`, a hundred of one partition at a time. */
export async function fill(store: Store, at: Date, count: number): Promise<void> {
  const placed = Array.from({ length: count }, (_, index) => rowOf(index, at));
  const byPartition = Map.groupBy(placed, ({ partition }) => partition.key);
  const batches = [...byPartition].flatMap(([key, rows]) =>
    Array.from({ length: Math.ceil(rows.length / batchRows) }, (_, batch) => ({
      partition: expiring(key),
      rows: rows.slice(batch * batchRows, (batch + 1) * batchRows),
    })),
  );
  await inParallel(batches, batchesAtOnce, async ({ partition, rows }) => {
    const changes = rows.map(({ change }) => change);
    const written = await store.commit(partition, changes, randomToken());
    if (written !== 'done') throw new Error('a row is there already');
  });
}

function rowOf(index: number, at: Date): Placed {
  const hash = hashIn(Math.floor(index / 10));
  switch (index % 10) {
    case 0:
      return homeSignIn(hash, 'atHome', index, at);
    case 1:
    case 2:
      return passcodeSignIn(hash, at);
    case 3:
      return counted(hash, mailboxKey(hash), mailboxCount(at), at);
    case 4:
      return counted(hash, sourceKey(hash), sourceCount(at), at);
    default:
      return homeSignIn(hashIn(index), 'known', index, at);
  }
}

/** The shards in turn, then chance. */
function hashIn(index: number): string {
  const bytes = randomBytes(32);
  bytes[0] = index % 256;
  return bytes.toString('base64url');
}

function homeSignIn(hash: string, state: HomeSignIn['state'], index: number, at: Date): Placed {
  const value: HomeSignIn = {
    ...anyDoor(later(at, index)),
    door: 'home',
    state,
    home: { partner: 'contoso', nonce: randomToken(), sealed: sealedText(300) },
    ...(state === 'known' ? { guest: randomGuid() } : {}),
  };
  const id = newSignInId(at);
  const h = hash as SignInHash;
  return {
    partition: expiring(signInPartition(id, h)),
    change: insert(signInKey(id, h), value),
  };
}

function passcodeSignIn(hash: string, at: Date): Placed {
  const guest = randomGuid();
  const value: MailSignIn = {
    ...anyDoor(at),
    door: 'mail',
    state: 'known',
    guest,
    mailbox: { address: sealedText(80), key: hash, guest, knownBrowser: true },
    nextSendAt: later(at, minutesMs).toISOString(),
    code: {
      key: 'k1',
      nonce: randomToken(),
      expiresAt: later(at, 10 * minutesMs).toISOString(),
      tries: 1,
    },
  };
  const key = signInKey(newSignInId(at), hashIn(0) as SignInHash);
  return { partition: countPartition(dayOf(at), hash), change: insert(key, value) };
}

const counted = (name: string, key: string, value: Mailbox | Source, at: Date): Placed => ({
  partition: countPartition(dayOf(at), name),
  change: insert(key, value),
});

const mailboxCount = (at: Date): Mailbox => ({ known: [at.toISOString()], others: [] });

const sourceCount = (at: Date): Source => ({
  day: dayOf(at),
  hour: hourOf(at),
  sendsOfHour: 1,
  sendsOfDay: 1,
  wrong: 0,
});

const anyDoor = (at: Date) => ({
  request: {
    clientId: randomGuid(),
    redirectUri: 'https://woodgrove.example/callback',
    responseMode: 'query' as const,
    scope: 'openid profile email',
    state: randomToken(),
    nonce: randomToken(),
    codeChallenge: randomToken() + randomToken(),
    prompt: [],
  },
  stepNonce: randomToken(),
  startedAt: at.toISOString(),
  expiresAt: later(at, 60 * minutesMs).toISOString(),
  events: [
    { at: at.toISOString(), what: 'started' as const },
    { at: at.toISOString(), what: 'firstFactor' as const },
  ],
});

const sealedText = (bytes: number) => `sealed.k1.${randomBytes(bytes).toString('base64url')}`;
