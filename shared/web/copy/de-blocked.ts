import type { Copy } from './copy.ts';

export const deBlocked: Copy['blocked'] = {
  blockedByPolicy: (organisation) => ({
    heading: 'Von hier aus können Sie sich nicht anmelden',
    cause: `Die Regeln von ${organisation} lassen diese Anmeldung nicht zu. Sie können davon abhängen, wo Sie sind, welches Gerät Sie benutzen und welche App Sie öffnen.`,
    next: 'Wenn Sie ein anderes Netz oder Gerät als sonst benutzen, versuchen Sie es mit dem gewohnten.',
  }),
  riskWithoutMethod: (organisation) => ({
    heading: 'Diese Anmeldung ist ungewöhnlich',
    cause: `${organisation} würde einen zweiten Schritt verlangen, und Sie haben keinen eingerichtet. Bei einer ungewöhnlichen Anmeldung lässt er sich nicht einrichten, damit niemand anderes das in Ihrem Namen tut.`,
    next: 'Versuchen Sie es mit dem Gerät und dem Netz, mit denen Sie sonst arbeiten.',
  }),
  registrationNotPossible: (organisation) => ({
    heading: 'Ein zweiter Schritt ist nötig',
    cause: `${organisation} verlangt einen zweiten Schritt, den Sie nicht eingerichtet haben, und bei dieser Anmeldung lässt er sich nicht einrichten.`,
    next: `Bitten Sie ${organisation}, Ihnen die Einrichtung zu ermöglichen, und melden Sie sich dann erneut an.`,
  }),
  deviceNotCompliant: (organisation) => ({
    heading: 'Dieses Gerät ist nicht zugelassen',
    cause: `${organisation} öffnet diese App nur auf Geräten, die eine Organisation verwaltet und für sicher befunden hat. Für dieses Gerät liegt das nicht vor.`,
    next: 'Melden Sie sich mit dem Arbeitsgerät an, das Ihre eigene Organisation betreut.',
  }),
  deviceNotJoined: (organisation) => ({
    heading: 'Dieses Gerät ist nicht zugelassen',
    cause: `${organisation} öffnet diese App nur auf Geräten, die zum Netz einer Organisation gehören. Für dieses Gerät liegt das nicht vor.`,
    next: 'Melden Sie sich mit dem Arbeitsgerät an, das Ihre eigene Organisation betreut.',
  }),
  appNotApproved: (organisation) => ({
    heading: 'Diese App ist hier nicht zugelassen',
    cause: `${organisation} erlaubt das nur in Apps, die dort freigegeben sind, und für Gäste lässt sich das nicht nachweisen.`,
    next: 'Öffnen Sie die App in einem Webbrowser auf einem Computer.',
  }),
  resolveAtHome: (organisation) => ({
    heading: 'Ihr Konto muss zuerst gesichert werden',
    cause: `${organisation} verlangt, dass Ihr Konto wieder sicher ist, etwa durch ein neues Passwort. Das kann nur Ihre eigene Organisation.`,
    next: 'Ändern Sie Ihr Passwort bei Ihrer eigenen Organisation oder folgen Sie deren Rat und melden Sie sich dann hier erneut an.',
  }),
  controlNotAvailable: (organisation) => ({
    heading: 'Sie können sich zurzeit nicht anmelden',
    cause: `${organisation} verlangt etwas, das diese Anmeldung nicht nachweisen kann.`,
    next: `Sie selbst können daran nichts ändern: Fragen Sie ${organisation}.`,
  }),
  termsNotAvailable: (organisation) => ({
    heading: 'Die Nutzungsbedingungen fehlen',
    cause: `${organisation} bittet Sie, Nutzungsbedingungen zuzustimmen, und diese können hier nicht gezeigt werden.`,
    next: `Sie selbst können daran nichts ändern: Fragen Sie ${organisation}.`,
  }),
  deviceRegistrationNotAvailable: (organisation) => ({
    heading: 'Dieses Gerät ist nicht registriert',
    cause: `${organisation} öffnet diese App nur auf Geräten, die dort registriert sind, und Gäste können hier keines registrieren.`,
    next: `Fragen Sie ${organisation}, wie Gäste diese App benutzen können.`,
  }),
  homeStepUpNotAvailable: (organisation) => ({
    heading: 'Eine weitere Bestätigung fehlt',
    cause: `${organisation} verlangt eine weitere Bestätigung durch Ihre eigene Organisation, und diese kam nicht zustande.`,
    next: 'Melden Sie sich erneut an und schließen Sie jeden Schritt ab, den Ihre eigene Organisation verlangt.',
  }),
  reauthenticationNotAvailable: (organisation) => ({
    heading: 'Ihre Anmeldung ist zu alt',
    cause: `${organisation} verlangt, dass Sie sich neu anmelden, und Ihre eigene Organisation hat das nicht bestätigt.`,
    next: 'Melden Sie sich bei Ihrer eigenen Organisation ab und beginnen Sie dann in der App von vorn.',
  }),
  noAccess: (organisation) => ({
    heading: 'Sie haben keinen Zugang',
    cause: `${organisation} hat diese App für das Konto, mit dem Sie sich angemeldet haben, nicht geöffnet.`,
    next: 'Wenn Sie ein anderes Konto haben, etwa das eingeladene, verwenden Sie dieses.',
  }),
  tooManyCodes: (organisation) => ({
    heading: 'Zu viele falsche Codes',
    cause: `Zum Schutz Ihres Kontos nimmt ${organisation} heute keine weiteren Codes dafür an.`,
    next: 'Versuchen Sie es morgen wieder oder bitten Sie darum, den zweiten Schritt zurückzusetzen.',
  }),
  homeDeclined: () => ({
    heading: 'Die Anmeldung wurde nicht abgeschlossen',
    cause: 'Ihre eigene Organisation meldet, dass die Anmeldung abgebrochen oder abgelehnt wurde.',
    next: 'Beginnen Sie in der App von vorn. Wenn Ihre eigene Organisation einen Fehler gezeigt hat, fragen Sie dort nach.',
  }),
  homeAnswerInvalid: () => ({
    heading: 'Die Anmeldung ließ sich nicht prüfen',
    cause:
      'Die Antwort Ihrer eigenen Organisation ließ sich nicht bestätigen und wurde deshalb nicht verwendet.',
    next: 'Beginnen Sie in der App von vorn. Wenn es wieder geschieht, lassen Sie sich helfen.',
  }),
};
