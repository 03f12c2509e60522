import type { MailMessage } from '../../../shared/ports.ts';
import type { Language } from '../../../shared/web/copy/index.ts';

export const usualNames = { organisation: 'Fabrikam', app: 'Woodgrove', guest: 'Alex Berg' };

/** One message of every kind and for every reader, by name; its times are those of the examples. */
export function everyMail(
  language: Language,
  names = usualNames,
  accentColour = '#2f5d8a',
): ReadonlyMap<string, MailMessage> {
  const common = {
    to: 'alex@contoso.example',
    languages: { acceptLanguage: language },
    organisation: { name: names.organisation, accentColour },
  };
  const at = new Date('2026-11-27T14:05:31Z');
  const notice = (kind: 'methodRegistered' | 'mfaReset', reader: 'guest' | 'sponsor') => ({
    ...common,
    kind,
    reader,
    displayName: names.guest,
    at,
  });
  return new Map<string, MailMessage>([
    [
      'mail-passcode',
      {
        ...common,
        kind: 'passcode',
        code: '12345678',
        app: names.app,
        requestedAt: at,
        country: 'NL',
        expiresAt: new Date('2026-11-27T14:15:31Z'),
      },
    ],
    ['mail-method-registered-guest', notice('methodRegistered', 'guest')],
    ['mail-method-registered-sponsor', notice('methodRegistered', 'sponsor')],
    ['mail-mfa-reset-guest', notice('mfaReset', 'guest')],
    ['mail-mfa-reset-sponsor', notice('mfaReset', 'sponsor')],
  ]);
}
