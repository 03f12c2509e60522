import { randomToken, readGuestId } from '../../core/ids.ts';
import { laterOf } from '../../core/time.ts';
import type { Change, Partition } from '../../ports.ts';
import type { GuestEntry } from '../../rows/configuration/entries.ts';
import { type Partner, partner } from '../../rows/configuration/partner.ts';
import type { StoredFile } from '../../rows/configuration/parts.ts';
import { gateRow, identityPlace, mailPlace, upnPlace } from '../../rows/directory.ts';
import { type Guest, guestKey, guestPartition } from '../../rows/guest.ts';
import { findRow, insert, replace } from '../../rows/row.ts';
import { projectGuest } from '../admin/project-guest.ts';
import { commitPlan } from '../commit-plan.ts';
import type { House } from '../house.ts';
import { endEverything } from '../sign-in/end-everything.ts';
import { type GuestRows, loadGuest } from '../sign-in/guest-rows.ts';
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

export async function findGuestFaults(
  house: House,
  guests: readonly GuestFile[],
  partners: readonly StoredFile[],
): Promise<readonly FileFault[]> {
  const known = partnersById(partners);
  const faults: FileFault[] = [];
  const claimed = new Map<string, string>();
  for (const { file, guest } of guests)
    for (const gate of gatesOf(guest, known)) {
      const rows = await house.store.load(gate.partition, { keys: [gate.key] });
      const owner = findRow(gateRow, rows, gate.key)?.value.guest ?? claimed.get(gate.key);
      claimed.set(gate.key, guest.id);
      if (owner !== undefined && owner !== guest.id)
        faults.push({ file, pointer: gate.pointer, message: 'belongs to another guest' });
    }
  return faults;
}

export async function upsertGuests(
  house: House,
  guests: readonly GuestFile[],
  partners: readonly StoredFile[],
  now: Date,
  dryRun: boolean,
): Promise<GuestCounts> {
  const known = partnersById(partners);
  const counts = { created: 0, updated: 0, unchanged: 0 };
  for (const { guest } of guests) {
    const done = await upsertGuest(house, guest, known, now, dryRun);
    counts[done]++;
  }
  return counts;
}

async function upsertGuest(
  house: House,
  entry: GuestEntry,
  partners: ReadonlyMap<string, Partner>,
  now: Date,
  dryRun: boolean,
): Promise<keyof GuestCounts> {
  const id = readGuestId(entry.id);
  if (!id) throw new TypeError('a guest entry without id passed its schema');
  if (!dryRun)
    // a conflict is our own earlier insert: foreign ones were found before
    for (const gate of gatesOf(entry, partners))
      await house.store.commit(gate.partition, [insert(gate.key, { guest: id })], randomToken());
  let done: keyof GuestCounts = 'unchanged';
  const answer = await commitPlan<GuestRows | undefined, keyof GuestCounts>(
    house.store,
    guestPartition(id),
    () => loadGuest(house.store, id),
    (rows) => {
      const planned = plan(rows, entry, partners, now);
      done = planned.answer;
      return dryRun ? { changes: [], answer: planned.answer } : planned;
    },
  );
  if (!dryRun && done !== 'unchanged') await projectGuest(house, id, now);
  return answer ?? done;
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
    identities: identities.map(({ partner: id, subject }) => ({
      partner: id,
      issuer: partners.get(id)?.issuer ?? '',
      subject,
    })),
    ...(before?.validFrom ? { validFrom: before.validFrom } : {}),
    proofUp: before?.proofUp ?? 'firstFactor',
    createdDateTime: before?.createdDateTime ?? now.toISOString(),
  };
}

const sameIdentities = (a: Guest, b: Guest): boolean =>
  JSON.stringify(a.identities) === JSON.stringify(b.identities);

const sorted = (value: object): object =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)));

function gatesOf(entry: GuestEntry, partners: ReadonlyMap<string, Partner>): readonly Gate[] {
  return [
    ...entry.identities.flatMap(({ partner: id, subject }, index) => {
      const known = partners.get(id);
      return known
        ? [{ ...identityPlace(known.type, known.issuer, subject), pointer: `/identities/${index}` }]
        : [];
    }),
    { ...upnPlace(entry.userPrincipalName), pointer: '/userPrincipalName' },
    ...(entry.mail === undefined ? [] : [{ ...mailPlace(entry.mail), pointer: '/mail' }]),
  ];
}

const partnersById = (files: readonly StoredFile[]): ReadonlyMap<string, Partner> =>
  new Map(files.map(({ value }) => partner.parse(value)).map((p) => [p.id, p]));
