import type { Copy } from './copy.ts';

export const deMessages: Copy['messages'] = {
  unknownClient: {
    heading: 'Diese App ist hier nicht bekannt',
    cause:
      'Die App, die Sie hierher geschickt hat, ist nicht registriert; für sie kann keine Anmeldung beginnen.',
    next: 'Gehen Sie zurück zur App. Ein Link, dem Sie gefolgt sind, ist vielleicht alt oder unvollständig.',
  },
  redirectUriMismatch: {
    heading: 'Der Rückweg zur App ist nicht bekannt',
    cause: 'Die App möchte die Antwort an eine Adresse, die für sie nicht registriert ist.',
    next: 'Gehen Sie zurück zur App. Sie selbst können daran nichts ändern.',
  },
  requestInvalid: {
    heading: 'Die Anmeldung konnte nicht beginnen',
    cause: 'Die Anfrage der App ist unvollständig oder widerspricht sich.',
    next: 'Gehen Sie zurück zur App und versuchen Sie es noch einmal.',
  },
  startAtApp: {
    heading: 'Beginnen Sie in der App',
    cause:
      'Eine Anmeldung beginnt immer in der App, die Sie benutzen möchten, nicht unter dieser Adresse.',
    next: 'Öffnen Sie die App. Sie bringt Sie hierher, wenn es nötig ist.',
  },
  signInOver: {
    heading: 'Diese Anmeldung ist beendet',
    cause: 'Sie hat zu lange gedauert oder wurde zu Ihrer Sicherheit beendet.',
    next: 'Gehen Sie zurück zur App und beginnen Sie von vorn.',
  },
  otherBrowser: {
    heading: 'Machen Sie im anderen Browser weiter',
    cause:
      'Diese Anmeldung wurde in einem anderen Browser oder auf einem anderen Gerät begonnen, Sie haben sich inzwischen abgemeldet, oder Cookies sind ausgeschaltet.',
    next: 'Gehen Sie dorthin zurück oder beginnen Sie in diesem Browser in der App von vorn.',
  },
  alreadySignedIn: {
    heading: 'Sie haben sich schon angemeldet',
    cause: 'Diese Anmeldung ist abgeschlossen, und die App hat ihre Antwort erhalten.',
    next: 'Sie können diesen Tab schließen. Zeigt die App Sie nicht als angemeldet, beginnen Sie dort von vorn.',
  },
  signedOut: {
    heading: 'Sie sind hier abgemeldet',
    cause: 'Apps, die Sie in diesem Browser öffnen, bitten Sie erneut, sich anzumelden.',
    next: 'In einer noch offenen App und bei Ihrer eigenen Organisation können Sie angemeldet bleiben: Melden Sie sich auch dort ab, wenn andere dieses Gerät benutzen.',
  },
  crossSite: {
    heading: 'Das kam nicht von unserer Seite',
    cause:
      'Eine andere Website wollte in Ihrem Namen etwas senden. Das wurde verhindert; es hat sich nichts geändert.',
    next: 'Wenn Sie sich anmelden wollten, beginnen Sie in der App.',
  },
  tooLarge: {
    heading: 'Das war zu viel',
    cause: 'Es wurde mehr gesendet, als diese Seite annimmt.',
    next: 'Gehen Sie zurück zur App und beginnen Sie von vorn.',
  },
  tooManyRequests: {
    heading: 'Es wurden zu viele Codes angefordert',
    cause:
      'Aus dem Netz, in dem Sie sind, wurden heute mehr Codes angefordert, als gesendet werden.',
    next: 'Versuchen Sie es später wieder oder aus einem anderen Netz.',
  },
  notFound: {
    heading: 'Hier ist nichts',
    cause: 'Diese Adresse führt zu keiner Seite.',
    next: 'Um sich anzumelden, öffnen Sie die App, die Sie benutzen möchten.',
  },
  temporarilyUnavailable: {
    heading: 'Die Anmeldung ist gerade nicht möglich',
    cause: 'Etwas, das die Anmeldung braucht, antwortet nicht. Es liegt nicht an Ihnen.',
    next: 'Warten Sie einen Augenblick und versuchen Sie es dann noch einmal.',
  },
  unexpected: {
    heading: 'Etwas ist schiefgegangen',
    cause: 'Die Anmeldung wurde durch einen Fehler auf unserer Seite unterbrochen.',
    next: 'Gehen Sie zurück zur App und beginnen Sie von vorn.',
  },
};
