import { generateSync } from 'otplib';

/** By their organisation's provider, or by a code mailed to them. */
export type Door = 'home' | 'mailbox';

/** Guests of the bench, by number; every one comes once in a run. */
export const guestCount = 250;

const suffix = (index: number) => String(index).padStart(12, '0');

export const guestId = (index: number) => `a0000000-be4c-4000-8000-${suffix(index)}`;
export const subjectOf = (index: number) => `c0000000-be4c-4000-8000-${suffix(index)}`;
export const mailOf = (door: Door, index: number) =>
  `guest-${index}@${door === 'home' ? 'contoso' : 'mailbox'}.example`;
/** The source address that a guest comes from: one may ask for 60 codes an hour. */
export const addressOf = (index: number) => `127.0.1.${(index % 10) + 1}`;

/** One for everyone: it is sealed for each guest apart. */
export const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** The code shown at that moment. */
export const codeAt = (ms: number) =>
  generateSync({ secret: totpSecret, epoch: Math.floor(ms / 1000) });
