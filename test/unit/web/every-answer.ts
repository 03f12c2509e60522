import type {
  Answer,
  BlockCause,
  CodeProblem,
  Frame,
  MessageKey,
  PasscodeProblem,
} from '../../../shared/flows/answers.ts';

/** Every text that a flow can put on a page, so that a test can replace them all by one. */
export type Texts = {
  readonly organisation: string;
  readonly app: string;
  readonly home: string;
  readonly mail: string;
  readonly sender: string;
  readonly sponsor: string;
  readonly reference: string;
  readonly value: string;
};

export const usualTexts: Texts = {
  organisation: 'Fabrikam',
  app: 'Woodgrove',
  home: 'Contoso',
  mail: 'alex@contoso.example',
  sender: 'no-reply@signin.fabrikam.example',
  sponsor: 'Robin Kline',
  reference: '0T5M-8QXK-3VA',
  value: 'e3Jx_4b9-c',
};

/** Object keys rather than a list: a cause without a page here fails the type check. */
const causes: Record<BlockCause, true> = {
  blockedByPolicy: true,
  riskWithoutMethod: true,
  registrationNotPossible: true,
  deviceNotCompliant: true,
  deviceNotJoined: true,
  appNotApproved: true,
  resolveAtHome: true,
  controlNotAvailable: true,
  termsNotAvailable: true,
  deviceRegistrationNotAvailable: true,
  homeStepUpNotAvailable: true,
  reauthenticationNotAvailable: true,
  noAccess: true,
  tooManyCodes: true,
  homeDeclined: true,
  homeAnswerInvalid: true,
};

const messages: Record<MessageKey, number> = {
  unknownClient: 400,
  redirectUriMismatch: 400,
  requestInvalid: 400,
  startAtApp: 200,
  signInOver: 400,
  otherBrowser: 400,
  alreadySignedIn: 200,
  signedOut: 200,
  crossSite: 403,
  tooLarge: 413,
  tooManyRequests: 429,
  notFound: 404,
  temporarilyUnavailable: 503,
  unexpected: 500,
};

const codeProblems: Record<CodeProblem, true> = {
  malformed: true,
  wrong: true,
  used: true,
  notJudged: true,
};

const passcodeProblems: Record<PasscodeProblem, true> = {
  malformed: true,
  wrong: true,
  expired: true,
  tooManyTries: true,
  notJudged: true,
};

const keys = <K extends string>(record: Record<K, unknown>) => Object.keys(record) as K[];

/** One answer of every kind, page, cause, message and problem, by name. */
export function everyAnswer(
  texts: Texts = usualTexts,
  framed: Partial<Frame> = {},
): ReadonlyMap<string, Answer> {
  const frame: Frame = {
    organisation: { name: texts.organisation, accentColour: '#2f5d8a' },
    app: { name: texts.app },
    anotherAccount: '/authorize?prompt=select_account',
    ...framed,
  };
  const step = { handle: texts.value, nonce: texts.value };
  const signIn = {
    kind: 'page',
    page: 'signIn',
    frame,
    fields: { client_id: texts.value, sign_in: texts.value, csrf: texts.value },
    partners: [
      { id: texts.value, name: texts.home },
      { id: 'microsoft', name: 'Microsoft' },
    ],
    byMail: true,
  } as const satisfies Answer;
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const enrol = {
    kind: 'page',
    page: 'enrol',
    frame,
    step,
    home: texts.home,
    account: texts.mail,
    secret,
    otpauth: `otpauth://totp/${encodeURIComponent(`${texts.organisation}:${texts.mail}`)}?secret=${secret}&issuer=${encodeURIComponent(texts.organisation)}`,
  } as const satisfies Answer;
  const challenge = {
    kind: 'page',
    page: 'challenge',
    frame,
    step,
    home: texts.home,
  } as const satisfies Answer;
  const passcode = {
    kind: 'page',
    page: 'passcode',
    frame,
    step,
    address: texts.mail,
    sender: texts.sender,
    sent: true,
    code: 'good',
    nextSendSeconds: 60,
    minutes: 10,
  } as const satisfies Answer;
  const authorization = {
    kind: 'authorizationResponse',
    frame,
    redirectUri: 'https://app.woodgrove.example/callback?tenant=1',
    responseMode: 'query',
    parameters: { iss: 'https://signin.fabrikam.example', code: texts.value, state: texts.value },
  } as const satisfies Answer;

  const answers: [string, Answer][] = [
    ['sign-in', signIn],
    ['sign-in-no-partners', { ...signIn, partners: [], byMail: false }],
    ['sign-in-malformed', { ...signIn, mail: texts.mail, problem: 'mailMalformed' }],
    ['sign-in-no-way-in', { ...signIn, mail: texts.mail, problem: 'noWayIn' }],
    ['enrol', enrol],
    ['enrol-without-home', { ...enrol, home: undefined }],
    ...keys(codeProblems).map((problem): [string, Answer] => [
      `enrol-${problem}`,
      { ...enrol, problem },
    ]),
    ['challenge', challenge],
    ['challenge-without-home', { ...challenge, home: undefined }],
    ...keys(codeProblems).map((problem): [string, Answer] => [
      `challenge-${problem}`,
      { ...challenge, problem },
    ]),
    ['passcode', passcode],
    ['passcode-send-now', { ...passcode, nextSendSeconds: 0 }],
    ['passcode-not-sent', { ...passcode, sent: false, nextSendSeconds: 1200 }],
    ['passcode-held-back', { ...passcode, sent: false, code: 'none' }],
    ['passcode-dead', { ...passcode, code: 'dead', nextSendSeconds: 0 }],
    ['passcode-dead-not-sent', { ...passcode, code: 'dead', sent: false }],
    ...keys(passcodeProblems).map((problem): [string, Answer] => {
      const isDead = problem === 'expired' || problem === 'tooManyTries';
      return [`passcode-${problem}`, { ...passcode, problem, code: isDead ? 'dead' : 'good' }];
    }),
    ['sign-out', { kind: 'page', page: 'signOut', frame, fields: { csrf: texts.value } }],
    ...keys(causes).map((cause): [string, Answer] => [
      `blocked-${cause}`,
      { kind: 'page', page: 'blocked', status: 403, frame, cause, reference: texts.reference },
    ]),
    [
      'blocked-with-sponsor',
      {
        kind: 'page',
        page: 'blocked',
        status: 403,
        frame,
        cause: 'riskWithoutMethod',
        reference: texts.reference,
        sponsor: texts.sponsor,
      },
    ],
    ...keys(messages).map((message): [string, Answer] => [
      `message-${message}`,
      { kind: 'page', page: 'message', status: messages[message], message },
    ]),
    [
      'message-with-everything',
      {
        kind: 'page',
        page: 'message',
        status: 503,
        frame,
        message: 'temporarilyUnavailable',
        parameter: texts.value,
        reference: texts.reference,
        retryAfterSeconds: 30,
      },
    ],
    [
      'message-app-fault',
      {
        kind: 'page',
        page: 'message',
        status: 400,
        message: 'requestInvalid',
        parameter: 'code_challenge_method',
        reference: texts.reference,
      },
    ],
    [
      'go-home',
      { kind: 'goHome', frame, url: 'https://idp.contoso.example/authorize', name: texts.home },
    ],
    ['back-to-app', authorization],
    ['form-post', { ...authorization, responseMode: 'form_post' }],
  ];
  return new Map(answers);
}
