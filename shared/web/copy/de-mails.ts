import type { MailCopy } from './mail-copy.ts';

export const deMails: MailCopy = {
  passcode: {
    subject: (organisation) => `Ihr Anmeldecode für ${organisation}`,
    heading: 'Ihr Anmeldecode',
    what: (organisation, app) =>
      `${organisation} verlangt diesen Code, bevor Sie ${app} öffnen können:`,
    validUntil: (time, minutes) => `Gültig für ${minutes} Minuten, bis ${time}.`,
    requestedAt: (time) => `Angefordert am ${time}.`,
    country: (name) => `Land der Anforderung: ${name} (nach IP Geolocation by DB-IP).`,
    secrecy: (organisation) =>
      `Niemand wird Sie nach diesem Code fragen, auch nicht ${organisation}: Geben Sie ihn nur auf der Seite ein, auf der Sie ihn angefordert haben.`,
    unexpected:
      'Wenn Sie ihn nicht angefordert haben, tun Sie nichts; mit Ihrer Adresse allein kommt niemand hinein.',
  },
  happenedAt: (time) => `Das geschah am ${time}.`,
  notices: {
    methodRegistered: {
      guest: (organisation) => ({
        subject: `Für Sie wurde bei ${organisation} ein zweiter Schritt eingerichtet`,
        heading: 'Ihr zweiter Schritt ist eingerichtet',
        what: `Für Ihr Gastkonto bei ${organisation} wurde ein zweiter Schritt eingerichtet. Wenn Sie sich dort anmelden, können Sie nun nach einem Code daraus gefragt werden.`,
        expected: 'Wenn Sie das waren, ist nichts zu tun.',
        unexpected: `Wenn nicht, hat sich jemand anderes als Sie angemeldet. Sagen Sie es sofort Ihrer Kontaktperson bei ${organisation}, auf dem Weg, den Sie sonst nehmen, und ändern Sie das Passwort des Kontos oder Postfachs, mit dem Sie sich anmelden.`,
      }),
      sponsor: (organisation, guest) => ({
        subject: `Ihr Gast hat bei ${organisation} einen zweiten Schritt eingerichtet`,
        heading: 'Ein Gast hat einen zweiten Schritt eingerichtet',
        what: `Der Gast „${guest}“, dessen Kontaktperson bei ${organisation} Sie sind, hat einen zweiten Schritt für die Anmeldung eingerichtet.`,
        expected: 'Wenn er gerade anfängt oder ein neues Telefon hat, ist nichts zu tun.',
        unexpected: `Wenn Sie das nicht erwartet haben, fragen Sie bei ihm nach, aber nicht per E-Mail. War er es nicht, lassen Sie den zweiten Schritt sofort von der Administration von ${organisation} zurücksetzen.`,
      }),
    },
    mfaReset: {
      guest: (organisation) => ({
        subject: `Ihr zweiter Schritt bei ${organisation} wurde zurückgesetzt`,
        heading: 'Ihr zweiter Schritt wurde zurückgesetzt',
        what: `Die Administration von ${organisation} hat den zweiten Schritt Ihres Gastkontos entfernt. Was Ihnen bisher Codes gab, gilt nicht mehr; bei der nächsten Anmeldung richten Sie ihn neu ein.`,
        expected: 'Wenn Sie darum gebeten haben, ist weiter nichts zu tun.',
        unexpected: `Wenn nicht, sagen Sie es Ihrer Kontaktperson bei ${organisation}, auf dem Weg, den Sie sonst nehmen, bevor Sie sich wieder anmelden.`,
      }),
      sponsor: (organisation, guest) => ({
        subject: `Der zweite Schritt Ihres Gastes bei ${organisation} wurde zurückgesetzt`,
        heading: 'Der zweite Schritt eines Gastes wurde zurückgesetzt',
        what: `Die Administration von ${organisation} hat den zweiten Schritt des Gastes „${guest}“ entfernt, dessen Kontaktperson dort Sie sind. Bei der nächsten Anmeldung richtet er ihn neu ein.`,
        expected: 'Wenn er darum gebeten hat, ist nichts zu tun.',
        unexpected: `Wenn Sie das nicht erwartet haben, fragen Sie bei ihm nach, aber nicht per E-Mail. Weiß auch er nichts davon, sagen Sie es sofort der Administration von ${organisation}.`,
      }),
    },
  },
};
