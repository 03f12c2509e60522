import type { KeyObject } from 'node:crypto';
import type { JsonObject } from './core/json.ts';
import type {
  KeyList,
  ListedSecret,
  Revocation,
  SigningAlgorithm,
  SigningRotation,
} from './core/key-list.ts';

/**
 * Every port of the house: what the flows need from outside, in their own words.
 * Adapters implement them (`shared/adapters`), `compose.ts` chooses.
 */

// ── state ────────────────────────────────────────────────────────────────────────────────────

export type TableName = 'expiring' | 'guests' | 'directory' | 'config' | 'log';

/** What changes together lies together: a commit never reaches beyond one partition. */
export type Partition = { readonly table: TableName; readonly key: string };

/** `etag` is opaque; it changes with every write of the row. */
export type StoredRow = {
  readonly key: string;
  readonly value: JsonObject;
  readonly etag: string;
};

/** Rows named, and all rows whose key begins with a prefix; neither given = the whole partition. */
export type RowQuery = {
  readonly keys?: readonly string[];
  readonly prefixes?: readonly string[];
};

export type Change =
  | { readonly kind: 'insert'; readonly key: string; readonly value: JsonObject }
  | {
      readonly kind: 'replace';
      readonly key: string;
      readonly value: JsonObject;
      /** `*`: the row must exist, whatever its version; for a row that only its writer may change. */
      readonly etag: string;
    }
  /** `*`: whatever its version. */
  | { readonly kind: 'delete'; readonly key: string; readonly etag: string };

/**
 * The two verbs of a flow. Throws `Fault('storageUnavailable')` when the answer did not come
 * within the request's budget, `Fault('storedRowUnreadable')` when a row is not ours.
 */
export interface Store {
  /** One query; rows in key order, missing ones left out. */
  load(partition: Partition, query?: RowQuery): Promise<readonly StoredRow[]>;
  /**
   * All changes or none. `conflict`: some row was inserted, changed or deleted by another
   * operation since it was loaded, and nothing of this one is stored. A write whose answer was
   * lost is recognised by `operationId` on its rows and answers `done`.
   * 1–100 changes, each row once, at most 4 MiB together.
   */
  commit(
    partition: Partition,
    changes: readonly Change[],
    operationId: string,
  ): Promise<'done' | 'conflict'>;
}

export type ScannedRow = StoredRow & { readonly partition: string };

/** Reading across partitions: clean-up, outbox and admin lists only, never a sign-in. */
export interface Scan {
  /**
   * Rows with `from` ≤ partition key < `to`, in key order, at most `limit` (≤ 1,000) a page.
   * A page may be empty and still carry a cursor; no cursor = the end.
   */
  scan(
    table: TableName,
    range: { readonly from: string; readonly to: string },
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ readonly rows: readonly ScannedRow[]; readonly cursor?: string | undefined }>;
  /** Deletes rows that are still as they were read; answers how many were. */
  remove(table: TableName, rows: readonly ScannedRow[]): Promise<number>;
}

// ── keys ─────────────────────────────────────────────────────────────────────────────────────

export type {
  KeyList,
  KeyState,
  ListedSecret,
  ListedSigningKey,
  Revocation,
  SigningAlgorithm,
  SigningRotation,
} from './core/key-list.ts';

export type PublicJwk = JsonObject & { readonly kid: string; readonly alg: SigningAlgorithm };

/** One derived key per purpose, so that a value made for one can never be shown for another. */
export type KeyPurpose =
  | 'csrf'
  | 'code'
  | 'session'
  | 'device'
  | 'home-verifier'
  | 'limits'
  | 'mail-address'
  | 'passcode'
  | 'totp-secret'
  | 'partner-secret';

export type NamedKey = { readonly id: string; readonly key: KeyObject };

export interface Keys {
  /**
   * A compact JWS by the current key. The private key may live elsewhere (Key Vault), so this may take a
   * request. Throws `Fault('keyUnavailable')`: then there is no signature, by no other key either.
   */
  sign(
    header: { readonly alg: SigningAlgorithm; readonly typ: string },
    claims: JsonObject,
  ): Promise<string>;
  /** What `/jwks` publishes: next, current and former keys that are proven to be ours. */
  publicKeys(): Promise<readonly PublicJwk[]>;
  /** The key new values are made with; with an id, the one an existing value names. */
  secret(purpose: KeyPurpose, id?: string): Promise<NamedKey | undefined>;
  /** Throws where a guest who came now could not sign in. Costs a signature only after one has failed. */
  ready(): Promise<void>;
  readonly administration: KeyAdministration;
}

/** For administrators and the timer: whatever changes or shows which keys there are. */
export interface KeyAdministration {
  list(): Promise<KeyList>;
  /** For each algorithm without a next key: one made here, or the vault's newest version taken in. */
  rotateSigning(): Promise<readonly SigningRotation[]>;
  /** Undefined where there is but one: the master key of the local world. */
  rotateSecrets(): Promise<ListedSecret | undefined>;
  /** At once and for good; undefined: no such key. The next takes over, or one made or found now. */
  revoke(kid: string): Promise<Revocation | undefined>;
  /** What the timer does: successors of keys that are old, or that the vault has renewed. */
  renew(): Promise<readonly SigningRotation[]>;
}

// ── home identity providers ──────────────────────────────────────────────────────────────────

/** What the gateway needs to know of a partner to talk to its OpenID provider. */
export type HomePartner = {
  readonly id: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** Algorithms accepted for ID tokens; asymmetric only. */
  readonly algorithms: readonly string[];
  /** Hosts, beside the issuer's own, that its endpoints may lie on. */
  readonly hosts: readonly string[];
};

export type HomeRequest = {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly loginHint?: string | undefined;
  readonly prompt?: 'login' | undefined;
  readonly maxAgeSeconds?: number | undefined;
  readonly uiLocales?: string | undefined;
};

export type HomeAnswer = {
  /** The callback's query, as it came. */
  readonly parameters: URLSearchParams;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Set when the request asked for it: then `auth_time` is required and not older. */
  readonly maxAgeSeconds?: number | undefined;
};

/** What is kept of a home token; the token itself is not. Nothing here is a name to trust. */
export type HomeIdentity = {
  readonly issuer: string;
  readonly subject: string;
  /** Entra's tenant and object id, only where the token carries both. */
  readonly tenantId?: string | undefined;
  readonly objectId?: string | undefined;
  readonly authTime?: Date | undefined;
  readonly issuedAt: Date;
  readonly amr: readonly string[];
  readonly acr?: string | undefined;
  readonly tokenHash: string;
  /** For display and comparison in the log only: says nothing about who this is. */
  readonly email?: string | undefined;
  readonly name?: string | undefined;
};

export type HomeResult =
  | { readonly kind: 'identity'; readonly identity: HomeIdentity }
  /** The partner answered with an OAuth error (`access_denied` when the person cancelled). */
  | { readonly kind: 'declined'; readonly error: string }
  /** The answer or the token failed a check; `check` names it for the log. */
  | { readonly kind: 'invalid'; readonly check: string };

/** Throws `Fault('homeUnavailable')` when the partner cannot be reached within its budget. */
export interface HomeIdp {
  authorizationUrl(partner: HomePartner, request: HomeRequest, now: Date): Promise<string>;
  redeem(partner: HomePartner, answer: HomeAnswer, now: Date): Promise<HomeResult>;
  /** An access token of a trusted issuer (administrators): its claims, or undefined. */
  verifyAccessToken(
    trusted: { readonly issuer: string; readonly audience: string },
    token: string,
    now: Date,
  ): Promise<JsonObject | undefined>;
}

// ── mail ─────────────────────────────────────────────────────────────────────────────────────────

/** What a mail says, in no language: `web/mails` has the words. Holds a code or a name: never logged. */
export type MailMessage = {
  /** One plain addr-spec. */
  readonly to: string;
  /** What the guest's browser and app asked for: `web` picks the language as it does for pages. */
  readonly languages: {
    readonly uiLocales?: string | undefined;
    readonly acceptLanguage?: string | undefined;
  };
  readonly organisation: { readonly name: string; readonly accentColour: string };
} & (
  | {
      readonly kind: 'passcode';
      /** Eight digits. */
      readonly code: string;
      readonly app: string;
      readonly requestedAt: Date;
      /** Where it was asked for, ISO 3166; undefined where nobody knows. */
      readonly country?: string | undefined;
      readonly expiresAt: Date;
    }
  | {
      /** A second factor came to be, or all were taken away by an administrator. */
      readonly kind: 'methodRegistered' | 'mfaReset';
      readonly reader: 'guest' | 'sponsor';
      readonly displayName: string;
      readonly at: Date;
    }
);

/** A message in words. The text says what the markup says. */
export type MailText = {
  readonly subject: string;
  readonly plainText: string;
  readonly html: string;
};

export type MailResult =
  | { readonly kind: 'accepted' }
  /** This message never will be: the address, say. `why` is the service's code, without an address. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number | undefined }
  /** No answer, or one that leaves open whether the message was taken. */
  | { readonly kind: 'unavailable'; readonly why: string };

export interface Mail {
  /** From whom: pages tell the guest what to look for. */
  readonly sender: string;
  /**
   * One request, no retry; the service sends one mail for one operation id (a GUID), however often it
   * is asked. What the service does afterwards is not waited for. Never throws.
   */
  send(message: MailMessage, operationId: string, signal: AbortSignal): Promise<MailResult>;
}

// ── geo ──────────────────────────────────────────────────────────────────────────────────────────

export interface Geo {
  /**
   * ISO 3166, two letters; undefined where nobody knows, a private address for one. Throws
   * `Fault('countryUnknown')` where the data cannot be read.
   */
  countryOf(ipAddress: string): string | undefined;
}

// ── pace ─────────────────────────────────────────────────────────────────────────────────────────

/**
 * A fixed moment to answer at, `afterMs` from now, so that how long the work took tells nothing. What
 * may take long is given up when `signal` fires, a little before.
 */
export type Pace = (afterMs: number) => {
  readonly signal: AbortSignal;
  readonly due: () => Promise<void>;
};

// ── journal ──────────────────────────────────────────────────────────────────────────────────

export type { Journal } from './core/journal-events.ts';
