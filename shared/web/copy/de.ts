import type { Copy } from './copy.ts';
import { deBlocked } from './de-blocked.ts';
import { deMails } from './de-mails.ts';
import { deMessages } from './de-messages.ts';
import { duration } from './duration.ts';

export const de: Copy = {
  frame: {
    signInFor: (app) => `Anmeldung für ${app}`,
    signIn: 'Anmeldung',
    errorPrefix: 'Fehler: ',
    anotherAccount: 'Anderes Konto verwenden',
    problemHeading: 'Es gibt ein Problem',
  },
  signIn: {
    heading: 'Anmelden',
    lead: (organisation, app) =>
      app
        ? `${organisation} bittet Sie, sich anzumelden, bevor Sie ${app} öffnen können.`
        : `${organisation} bittet Sie, sich anzumelden.`,
    mailLabel: 'E-Mail-Adresse',
    mailHint: (organisation) => `Die Adresse, unter der ${organisation} Sie kennt.`,
    submit: 'Weiter',
    or: 'oder',
    partner: (name) => `Mit ${name} anmelden`,
    passwordNote: (organisation, byMail) =>
      byMail
        ? `Sie melden sich bei Ihrer eigenen Organisation an; hat sie keine Anmeldung, schicken wir Ihnen einen Code. ${organisation} sieht nie ein Passwort von Ihnen.`
        : `Sie melden sich bei Ihrer eigenen Organisation an. ${organisation} sieht Ihr Passwort nie.`,
    problems: {
      mailMalformed: () => ({
        summary: 'Geben Sie eine vollständige E-Mail-Adresse ein',
        help: 'Sie sieht aus wie name@example.com, ohne etwas davor oder danach.',
      }),
      noWayIn: (organisation) => ({
        summary: 'Mit dieser Adresse können Sie sich hier nicht anmelden',
        help: `Verwenden Sie die Adresse, an die ${organisation} Ihre Einladung geschickt hat, oder fragen Sie die Person, die Sie eingeladen hat.`,
      }),
    },
  },
  secondStep: {
    whyHeading: 'Warum noch einmal?',
    why: (organisation, home) =>
      home
        ? `Ihre Bestätigung bei ${home} gilt nur dort; ${organisation} schützt die eigenen Apps mit einem eigenen Code.`
        : `Eine E-Mail-Adresse allein könnte auch jemand anderes benutzen; der Code zeigt ${organisation}, dass wirklich Sie es sind.`,
    codeLabel: 'Sechsstelliger Code',
    codeHint: 'Ihre Authenticator-App zeigt alle 30 Sekunden einen neuen.',
    problems: {
      malformed: {
        summary: 'Geben Sie die sechs Ziffern ein',
        help: 'Der Code besteht aus sechs Ziffern und sonst nichts.',
      },
      wrong: {
        summary: 'Dieser Code ist nicht richtig',
        help: 'Geben Sie den Code ein, den die App jetzt zeigt. Wird er wieder abgelehnt, lassen Sie Ihr Telefon die Uhrzeit automatisch einstellen.',
      },
      used: {
        summary: 'Dieser Code wurde schon verwendet',
        help: 'Jeder Code gilt einmal. Warten Sie, bis die App einen neuen zeigt, und geben Sie diesen ein.',
      },
      notJudged: {
        summary: 'Ihr Code wurde nicht geprüft',
        help: 'Eine andere Anmeldung von Ihnen kam zuvor. Geben Sie den Code ein, den die App jetzt zeigt.',
      },
    },
  },
  enrol: {
    heading: 'Zweiten Schritt einrichten',
    lead: (organisation) =>
      `${organisation} verlangt bei der Anmeldung einen Code von Ihrem Telefon. Das richten Sie einmal ein; es dauert etwa zwei Minuten.`,
    appHeading: 'Authenticator-App bereithalten',
    appText:
      'Jede Authenticator-App ist geeignet: Microsoft Authenticator, Google Authenticator oder die in Ihrem Passwort-Manager. Wenn Sie schon eine haben, nehmen Sie diese.',
    addHeading: 'Dieses Konto in der App hinzufügen',
    scan: 'Wählen Sie in der App „Konto hinzufügen“ und scannen Sie dieses Bild.',
    qrTitle: (organisation) => `QR-Code, der ${organisation} in Ihre Authenticator-App einträgt`,
    openLink: 'In meiner Authenticator-App öffnen',
    openLinkHint: 'Ist die App auf diesem Gerät, müssen Sie nichts scannen.',
    typeKey: 'Beides geht nicht? Schlüssel eintippen',
    typeKeyHint: 'Wählen Sie in der App „Einrichtungsschlüssel eingeben“ und tippen Sie ein:',
    account: 'Konto',
    key: 'Schlüssel',
    kind: 'Art',
    kindValue: 'zeitbasiert, 6 Ziffern',
    codeHeading: 'Den Code eingeben, den die App zeigt',
    submit: 'Abschließen und weiter',
  },
  challenge: {
    heading: 'Code eingeben',
    lead: (organisation) =>
      `Öffnen Sie Ihre Authenticator-App und geben Sie den Code ein, den sie für ${organisation} zeigt.`,
    submit: 'Weiter',
    helpSummary: 'Ich bekomme keinen Code',
    help: (organisation) => [
      `Der Code steht in der App, mit der Sie den zweiten Schritt für ${organisation} eingerichtet haben: Suchen Sie dort den Eintrag dieses Namens.`,
      `Wenn Sie ein neues Telefon haben oder die App verloren ist, bitten Sie Ihre Kontaktperson bei ${organisation}, den zweiten Schritt zurückzusetzen. Bei der nächsten Anmeldung richten Sie ihn neu ein.`,
    ],
  },
  passcode: {
    heading: 'Sehen Sie in Ihr Postfach',
    onItsWay: (organisation, address) =>
      `Wenn ${organisation} die Adresse ${address} kennt, ist ein Code aus acht Ziffern dorthin unterwegs.`,
    notSent:
      'Es wurde kein neuer Code gesendet: Vor Kurzem wurde schon einer angefordert, oder es waren zu viele.',
    useLast: (organisation, address) =>
      `Wenn ${organisation} die Adresse ${address} kennt, verwenden Sie den Code, der zuletzt dorthin ging.`,
    anotherHeading: 'Sie brauchen einen weiteren Code',
    goodElsewhere: 'Ein Code von vorhin gilt nur auf der Seite, auf der er angefordert wurde.',
    dead: 'Der letzte Code wird nicht mehr angenommen.',
    lookFor: 'Suchen Sie diese E-Mail, auch im Spam-Ordner:',
    sender: 'Von',
    subject: 'Betreff',
    codeLabel: 'Achtstelliger Code',
    codeHint: (minutes) => `Ein Code gilt ${minutes} Minuten lang. Nur der neueste zählt.`,
    submit: 'Weiter',
    noMailHeading: 'Keine E-Mail?',
    noMail: 'Sie kann ein, zwei Minuten brauchen. Prüfen Sie, ob Ihre Adresse oben richtig ist.',
    sendAgainIn: (seconds) =>
      `Sie können sich in ${duration('de', seconds)} einen weiteren Code senden lassen.`,
    sendAgainNow: 'Lassen Sie sich einen weiteren senden und geben Sie diesen ein.',
    sendAgain: 'Weiteren Code senden',
    problems: {
      malformed: {
        summary: 'Geben Sie die acht Ziffern ein',
        help: 'Der Code besteht aus acht Ziffern und sonst nichts.',
      },
      wrong: {
        summary: 'Dieser Code ist nicht richtig',
        help: 'Geben Sie den Code aus der neuesten E-Mail ein. Nach fünf falschen brauchen Sie einen neuen.',
      },
      expired: {
        summary: 'Dieser Code gilt nicht mehr',
        help: 'Er ist zu alt.',
      },
      tooManyTries: {
        summary: 'Zu viele falsche Codes',
        help: 'Zu Ihrer Sicherheit wird der letzte Code nicht mehr angenommen.',
      },
      notJudged: {
        summary: 'Ihr Code wurde nicht geprüft',
        help: 'Eine andere Anfrage von Ihnen kam zuvor. Geben Sie den Code noch einmal ein.',
      },
    },
  },
  signOut: {
    heading: 'Abmelden?',
    lead: (organisation) =>
      `Wenn Sie in diesem Browser wieder eine App von ${organisation} öffnen, müssen Sie sich neu anmelden.`,
    stay: 'Wenn Sie angemeldet bleiben möchten, schließen Sie diese Seite.',
    submit: 'Abmelden',
  },
  end: {
    nextHeading: 'Was Sie tun können',
    askHeading: 'Wer Ihnen hilft',
    askSponsor: (sponsor, organisation) =>
      `${sponsor} bei ${organisation} hat Sie eingeladen. Nennen Sie dort die Referenz unten.`,
    askOrganisation: (organisation) =>
      `Ihre Kontaktperson bei ${organisation}, meist die Person, die Sie eingeladen hat. Nennen Sie ihr die Referenz unten.`,
    askHome: 'Die IT-Unterstützung Ihrer eigenen Organisation.',
    askApp:
      'Die Betreiber der App, aus der Sie gekommen sind. Nennen Sie ihnen die Referenz unten.',
    reference: 'Referenz',
    referenceHint: 'Damit lässt sich die Ursache nachschlagen.',
    parameter: 'Für die Entwickler der App: Der Fehler liegt in',
    tryAgainIn: (seconds) => `Versuchen Sie es in ${duration('de', seconds)} noch einmal.`,
  },
  blocked: deBlocked,
  messages: deMessages,
  mails: deMails,
  goOn: {
    heading: (name) => (name ? `Weiter zu ${name}` : 'Zurück zur App'),
    lead: 'Das dauert einen Augenblick. Wenn nichts geschieht, verwenden Sie die Schaltfläche.',
    submit: (name) => (name ? `Weiter zu ${name}` : 'Weiter'),
  },
};
