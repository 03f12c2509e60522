/**
 * What a flow answers: values that say what happened, in no one's words and no markup.
 * `web` turns them into HTTP. A page is shown with status 200 unless its `status` says otherwise.
 */

/** Who asks and for what: stands on every page before anything is typed. */
export type Frame = {
  readonly organisation: { readonly name: string; readonly accentColour: string };
  readonly app?: { readonly name: string } | undefined;
  /** The request's `ui_locales`; beside it `web` reads Accept-Language. */
  readonly uiLocales?: string | undefined;
  /** Path that starts this sign-in again with another account. */
  readonly anotherAccount?: string | undefined;
};

/** A running sign-in as a form carries it: opens nothing without the browser's own cookie. */
export type Step = { readonly handle: string; readonly nonce: string };

export type CodeProblem =
  | 'malformed'
  | 'wrong'
  /** Right once, but already used: wait for the next one. */
  | 'used'
  /** Another request of the same guest came first three times; nothing was judged. */
  | 'notJudged';

export type PasscodeProblem =
  | 'malformed'
  | 'wrong'
  /** Too old, or a newer one was sent since. */
  | 'expired'
  /** Five were wrong: this code is dead, a new one must be asked for. */
  | 'tooManyTries'
  | 'notJudged';

/** Why a sign-in ended. Each has its own copy: a plain cause, the next step, who to ask. */
export const blockCauses = [
  'blockedByPolicy',
  'riskWithoutMethod',
  'registrationNotPossible',
  'deviceNotCompliant',
  'deviceNotJoined',
  'appNotApproved',
  'resolveAtHome',
  'controlNotAvailable',
  'termsNotAvailable',
  'deviceRegistrationNotAvailable',
  'homeStepUpNotAvailable',
  'reauthenticationNotAvailable',
  'noAccess',
  'tooManyCodes',
  'homeDeclined',
  'homeAnswerInvalid',
] as const;

export type BlockCause = (typeof blockCauses)[number];

/** Pages outside a running sign-in, or where none could be found. */
export type MessageKey =
  | 'unknownClient'
  | 'redirectUriMismatch'
  | 'requestInvalid'
  | 'startAtApp'
  | 'signInOver'
  | 'otherBrowser'
  | 'alreadySignedIn'
  | 'signedOut'
  | 'crossSite'
  | 'tooLarge'
  /** Too many codes were asked for from this network today. */
  | 'tooManyRequests'
  | 'notFound'
  | 'temporarilyUnavailable'
  | 'unexpected';

export type PageAnswer =
  | {
      readonly kind: 'page';
      readonly page: 'signIn';
      readonly frame: Frame;
      /** Hidden fields: the request itself, the sign-in id, the CSRF value. */
      readonly fields: Readonly<Record<string, string>>;
      readonly partners: readonly { readonly id: string; readonly name: string }[];
      /** An address without a partner gets a code. */
      readonly byMail: boolean;
      readonly mail?: string | undefined;
      readonly problem?: 'mailMalformed' | 'noWayIn' | undefined;
    }
  | {
      readonly kind: 'page';
      readonly page: 'enrol';
      readonly frame: Frame;
      readonly step: Step;
      /** The guest's home organisation, for "why again, my company already asked me?". */
      readonly home?: string | undefined;
      readonly account: string;
      /** Base32 without padding, and the same as `otpauth://` link. Shown on this page only. */
      readonly secret: string;
      readonly otpauth: string;
      readonly problem?: CodeProblem | undefined;
    }
  | {
      readonly kind: 'page';
      readonly page: 'challenge';
      readonly frame: Frame;
      readonly step: Step;
      readonly home?: string | undefined;
      readonly problem?: CodeProblem | undefined;
    }
  | {
      readonly kind: 'page';
      readonly page: 'passcode';
      readonly frame: Frame;
      readonly step: Step;
      /** As typed in this browser; shown to nobody else. */
      readonly address: string;
      /** What to look for in the mailbox. */
      readonly sender: string;
      /** False: the last request for a code was too early or one too many. The same for every address. */
      readonly sent: boolean;
      /** `dead`: too old, or too often wrong. `none`: held back, and a code from elsewhere opens nothing here. */
      readonly code: 'good' | 'dead' | 'none';
      /** A code may be asked for again after this; 0: now. */
      readonly nextSendSeconds: number;
      /** How long a code is good. */
      readonly minutes: number;
      readonly problem?: PasscodeProblem | undefined;
    }
  | {
      readonly kind: 'page';
      readonly page: 'signOut';
      readonly frame: Frame;
      readonly fields: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'page';
      readonly page: 'blocked';
      readonly status: number;
      readonly frame: Frame;
      readonly cause: BlockCause;
      readonly reference: string;
      /** Whom to ask; only after the first factor. */
      readonly sponsor?: string | undefined;
    }
  | {
      readonly kind: 'page';
      readonly page: 'message';
      readonly status: number;
      readonly frame?: Frame | undefined;
      readonly message: MessageKey;
      /** Name of the request's parameter at fault, where there is one. */
      readonly parameter?: string | undefined;
      readonly reference?: string | undefined;
      readonly retryAfterSeconds?: number | undefined;
    };

/** Leaves for the app, with a code or an error. */
export type AuthorizationResponse = {
  readonly kind: 'authorizationResponse';
  readonly frame: Frame;
  readonly redirectUri: string;
  readonly responseMode: 'query' | 'form_post';
  readonly parameters: Readonly<Record<string, string>>;
};

/** Leaves for the guest's own identity provider. */
export type GoHome = {
  readonly kind: 'goHome';
  readonly frame: Frame;
  readonly url: string;
  readonly name: string;
};

export type SetCookie =
  | { readonly cookie: 'browser'; readonly value: string }
  | {
      readonly cookie: 'session';
      readonly value: string;
      readonly persistentUntil?: Date | undefined;
    }
  | {
      readonly cookie: 'device';
      readonly value: string;
      /** Gone with the browser's window. */
      readonly transient?: boolean | undefined;
    };

export type Answer = (PageAnswer | AuthorizationResponse | GoHome) & {
  readonly cookies?: readonly SetCookie[] | undefined;
};

/**
 * What one request shows of its browser, unread: `facts` and `checks` say what it is worth. The address
 * alone is not its own word: the platform's, undefined where it established none.
 */
export type Browser = {
  readonly secret?: string | undefined;
  readonly session?: string | undefined;
  readonly device?: string | undefined;
  readonly ipAddress?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly platformHint?: string | undefined;
  readonly acceptLanguage?: string | undefined;
};
