import { Fault } from '../../core/errors.ts';
import { type GuestId, randomToken, readGuestId } from '../../core/ids.ts';
import { inParallel } from '../../core/parallel.ts';
import { laterOf } from '../../core/time.ts';
import type { Change, Partition } from '../../ports.ts';
import type { GuestEntry } from '../../rows/configuration/entries.ts';
import { type Partner, partner } from '../../rows/configuration/partner.ts';
import type { StoredFile } from '../../rows/configuration/parts.ts';
import {
  gateRow,
  identityPlace,
  mailIdentityPlace,
  mailPlace,
  upnPlace,
} from '../../rows/directory.ts';
import { mailIssuer } from '../../rows/first-factor.ts';
import { type Guest, guestKey, guestPartition } from '../../rows/guest.ts';
import { findRow, insert, replace } from '../../rows/row.ts';
import { projectGuest } from '../admin/project-guest.ts';
import { commitPlan } from '../commit-plan.ts';
import type { House } from '../house.ts';
import { logAudit } from '../log.ts';
import { endEverything } from '../sign-in/end-everything.ts';
import { type GuestRows, loadGuest } from '../sign-in/guest-rows.ts';
import { subjectOf } from './checks.ts';
import type { FileFault, GuestFile } from './folder.ts';

/**
 * Guests of a configuration folder: created or brought up to date, never deleted. Gates of the
 * directory (identity, mail, UPN) come before the guest row; a gate that leads to somebody else is
 * found before anything is stored.
 */
export type GuestCounts = {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
};

type Gate = { readonly partition: Partition; readonly key: string; readonly pointer: string };

/** Guests looked at at the same time. */
const lanes = 16;

export async function findGuestFaults(
  house: House,
  guests: readonly GuestFile[],
  partners: readonly StoredFile[],
): Promise<readonly FileFault[]> {
  const known = partnersById(partners);
  const gates = guests.flatMap(({ file, guest }) =>
    gatesOf(guest, known).map((gate) => ({ file, guest: guest.id, gate })),
  );
  const owners = await inParallel(gates, lanes, ({ gate }) => ownerOf(house, gate));
  const claimed = new Map<string, string>();
  return gates.flatMap(({ file, guest, gate }, index) => {
    const owner = owners[index] ?? claimed.get(gate.key);
    claimed.set(gate.key, guest);
    return owner === undefined || owner === guest
      ? []
      : [{ file, pointer: gate.pointer, message: 'belongs to another guest' }];
  });
}

async function ownerOf(house: House, gate: Gate): Promise<string | undefined> {
  const rows = await house.store.load(gate.partition, { keys: [gate.key] });
  return findRow(gateRow, rows, gate.key)?.value.guest;
}

export type Upsert = {
  readonly partners: readonly StoredFile[];
  readonly administrator: string;
  readonly dryRun: boolean;
};

export async function upsertGuests(
  house: House,
  guests: readonly GuestFile[],
  { partners, administrator, dryRun }: Upsert,
  now: Date,
): Promise<GuestCounts> {
  const known = partnersById(partners);
  const done = await inParallel(guests, lanes, async ({ guest }) => {
    const id = readGuestId(guest.id);
    if (!id) throw new TypeError('a guest entry without id passed its schema');
    const planned = plan(await loadGuest(house.store, id), guest, known, now).answer;
    if (dryRun || planned === 'unchanged') return planned;
    return upsertGuest(house, { id, entry: guest, partners: known, administrator }, now);
  });
  const count = (what: keyof GuestCounts) => done.filter((each) => each === what).length;
  return { created: count('created'), updated: count('updated'), unchanged: count('unchanged') };
}

type One = {
  readonly id: GuestId;
  readonly entry: GuestEntry;
  readonly partners: ReadonlyMap<string, Partner>;
  readonly administrator: string;
};

async function upsertGuest(
  house: House,
  { id, entry, partners, administrator }: One,
  now: Date,
): Promise<keyof GuestCounts> {
  for (const gate of gatesOf(entry, partners)) await claim(house, gate, id);
  const done = await commitPlan<GuestRows | undefined, keyof GuestCounts>(
    house.store,
    guestPartition(id),
    () => loadGuest(house.store, id),
    (rows) => plan(rows, entry, partners, now),
  );
  if (!done) throw new Fault('busy', { detail: 'guest' });
  const act = { operationId: randomToken(), activity: 'upsertGuest', target: id } as const;
  await logAudit(house, { ...act, phase: 'result', actor: administrator, result: done }, now);
  await projectGuest(house, id, now);
  return done;
}

/** Insert-only: whoever came first has it. Another apply at the same moment is told at its next try. */
async function claim(house: House, gate: Gate, guest: GuestId): Promise<void> {
  const change = insert(gate.key, { guest });
  if ((await house.store.commit(gate.partition, [change], randomToken())) === 'done') return;
  if ((await ownerOf(house, gate)) !== guest) throw new Fault('busy', { detail: 'guest gate' });
}

function plan(
  rows: GuestRows | undefined,
  entry: GuestEntry,
  partners: ReadonlyMap<string, Partner>,
  now: Date,
): { readonly changes: readonly Change[]; readonly answer: keyof GuestCounts } {
  const before = rows?.guest.value;
  const guest = guestOf(entry, partners, before, now);
  if (!rows || !before) return { changes: [insert(guestKey, guest)], answer: 'created' };
  if (JSON.stringify(sorted(before)) === JSON.stringify(sorted(guest)))
    return { changes: [], answer: 'unchanged' };
  if (guest.accountEnabled && sameIdentities(before, guest))
    return { changes: [replace(rows.guest, guest)], answer: 'updated' };
  return {
    changes: [
      replace(rows.guest, { ...guest, validFrom: laterOf(guest.validFrom, now) }),
      ...endEverything(rows, now, 'guestChanged'),
    ],
    answer: 'updated',
  };
}

function guestOf(
  entry: GuestEntry,
  partners: ReadonlyMap<string, Partner>,
  before: Guest | undefined,
  now: Date,
): Guest {
  const { identities, ...profile } = entry;
  return {
    ...profile,
    identities: identities.map((identity) => ({
      partner: identity.partner,
      issuer: issuerOf(identity.partner, partners),
      subject: subjectOf(identity),
    })),
    ...(before?.validFrom ? { validFrom: before.validFrom } : {}),
    ...(before?.lastReset ? { lastReset: before.lastReset } : {}),
    proofUp: before?.proofUp ?? 'firstFactor',
    createdDateTime: before?.createdDateTime ?? now.toISOString(),
  };
}

const issuerOf = (id: string, partners: ReadonlyMap<string, Partner>): string =>
  id === mailIssuer ? mailIssuer : (partners.get(id)?.issuer ?? '');

const sameIdentities = (a: Guest, b: Guest): boolean =>
  JSON.stringify(a.identities) === JSON.stringify(b.identities);

const sorted = (value: object): object =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)));

function gatesOf(entry: GuestEntry, partners: ReadonlyMap<string, Partner>): readonly Gate[] {
  const gates = [
    ...entry.identities.flatMap((identity, index) => {
      const pointer = `/identities/${index}`;
      const subject = subjectOf(identity);
      // what opens a guest also finds it: an address is never one guest's door and another's name
      if (identity.partner === mailIssuer)
        return [mailIdentityPlace(subject), mailPlace(subject)].map((p) => ({ ...p, pointer }));
      const known = partners.get(identity.partner);
      return known ? [{ ...identityPlace(known.type, known.issuer, subject), pointer }] : [];
    }),
    { ...upnPlace(entry.userPrincipalName), pointer: '/userPrincipalName' },
    ...(entry.mail === undefined ? [] : [{ ...mailPlace(entry.mail), pointer: '/mail' }]),
  ];
  // a guest's mail is mostly their mailbox too: one gate
  return [...new Map(gates.map((gate) => [gate.key, gate])).values()];
}

const partnersById = (files: readonly StoredFile[]): ReadonlyMap<string, Partner> =>
  new Map(files.map(({ value }) => partner.parse(value)).map((p) => [p.id, p]));
