import { generateSync } from 'otplib';

/** Guests of the bench, by number; every one comes once in a run. */
export const guestCount = 250;

const suffix = (index: number) => String(index).padStart(12, '0');

export const guestId = (index: number) => `a0000000-be4c-4000-8000-${suffix(index)}`;
export const subjectOf = (index: number) => `c0000000-be4c-4000-8000-${suffix(index)}`;
export const mailOf = (index: number) => `guest-${index}@contoso.example`;

/** One for everyone: it is sealed for each guest apart. */
export const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** The code shown at that moment. */
export const codeAt = (ms: number) =>
  generateSync({ secret: totpSecret, epoch: Math.floor(ms / 1000) });
