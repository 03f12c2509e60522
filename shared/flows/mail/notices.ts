import { readMailAddress } from '../../checks/mail-address.ts';
import { hashOf, randomGuid, randomToken, readGuestId } from '../../core/ids.ts';
import { dayOf, daysMs, later } from '../../core/time.ts';
import type { MailMessage } from '../../ports.ts';
import type { Guest } from '../../rows/guest.ts';
import { countPartition } from '../../rows/mailbox.ts';
import { type Notice, outboxKey } from '../../rows/outbox.ts';
import { insert } from '../../rows/row.ts';
import type { Browser } from '../answers.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { House } from '../house.ts';
import { loadGuest } from '../sign-in/guest-rows.ts';

/**
 * A guest's second factor came or went: guest and sponsor are told, whoever did it. One row, after
 * the act itself; the timer mails it, for nobody waits for it.
 */
export async function postNotice(
  house: House,
  guest: Guest,
  notice: { readonly kind: Notice['kind']; readonly languages?: Notice['languages'] },
  now: Date,
): Promise<void> {
  if (!house.mail) return;
  const readers = (['guest', 'sponsor'] as const).filter((reader) => addressOf(guest, reader));
  const changes = readers.map((reader) => {
    const operation = randomGuid();
    const value: Notice = {
      kind: notice.kind,
      operation,
      languages: languagesOf(guest, reader, notice.languages),
      tries: 0,
      notBefore: now.toISOString(),
      expiresAt: later(now, daysMs).toISOString(),
      guest: guest.id,
      reader,
      at: now.toISOString(),
    };
    return insert(outboxKey(operation, now), value);
  });
  if (changes.length === 0) return;
  try {
    const partition = countPartition(dayOf(now), hashOf('notice', guest.id));
    await house.store.commit(partition, changes, randomToken());
  } catch {
    // the act stands
    house.journal.line('alarm', 'noticeLost', { guest: guest.id, notice: notice.kind });
  }
}

/** The guest's own browser knows best, then what an administrator wrote down. */
const languagesOf = (
  { preferredLanguage }: Guest,
  reader: Notice['reader'],
  asked: Notice['languages'] = {},
): Notice['languages'] =>
  reader === 'guest' ? { uiLocales: preferredLanguage, ...defined(asked) } : {};

const defined = (languages: Notice['languages']): Notice['languages'] =>
  Object.fromEntries(Object.entries(languages).filter(([, value]) => value !== undefined));

/** From the request that led to it. */
export const languagesAsked = (
  request: { readonly uiLocales?: string | undefined } | undefined,
  { acceptLanguage }: Browser,
): Notice['languages'] => ({
  uiLocales: request?.uiLocales,
  acceptLanguage: acceptLanguage?.slice(0, 200),
});

/** For the timer: undefined where the guest is gone, or has no address by now. */
export async function noticeOf(
  house: House,
  configuration: Configuration,
  notice: Notice,
): Promise<MailMessage | undefined> {
  const id = readGuestId(notice.guest);
  const guest = id && (await loadGuest(house.store, id, { prefixes: ['account.'] }))?.guest.value;
  const to = guest && addressOf(guest, notice.reader);
  if (!guest || to === undefined) return undefined;
  const { displayName: name, accentColour } = configuration.settings.organisation;
  return {
    kind: notice.kind,
    to,
    languages: notice.languages,
    organisation: { name, accentColour },
    reader: notice.reader,
    displayName: guest.displayName,
    at: new Date(notice.at),
  };
}

/** A sponsor is written down for people: a name, an address, or both with the address in brackets. */
function addressOf({ mail, sponsor }: Guest, reader: Notice['reader']): string | undefined {
  if (reader === 'guest') return mail;
  const text = /[(<]([^()<>]+)[)>]\s*$/.exec(sponsor ?? '')?.[1] ?? sponsor ?? '';
  return readMailAddress(text)?.address;
}
