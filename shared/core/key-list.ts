/** Which keys there are and what became of a change: what the keys port tells administrators. */

export type SigningAlgorithm = 'RS256' | 'ES256';

export type KeyState = 'next' | 'current' | 'former' | 'retired' | 'revoked';

export type ListedSigningKey = {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly state: KeyState;
  /** `vault`: it never left there; `sealed`: encrypted in the table. */
  readonly kept: 'vault' | 'sealed';
  readonly createdAt: Date;
  readonly useFrom: Date;
  /** Known once another has taken over. */
  readonly publishedUntil?: Date | undefined;
  readonly revokedAt?: Date | undefined;
};

export type ListedSecret = {
  readonly id: string;
  readonly state: 'next' | 'current' | 'former';
  /** Both unknown of a key that comes from the environment. */
  readonly createdAt?: Date | undefined;
  readonly useFrom?: Date | undefined;
};

export type KeyList = {
  readonly signing: readonly ListedSigningKey[];
  readonly secrets: readonly ListedSecret[];
};

export type SigningRotation = {
  readonly alg: SigningAlgorithm;
  readonly result: 'published' | 'nextIsWaiting' | 'noNewVersion' | 'notDue';
  /** The key that is next now; none where there is no new version. */
  readonly kid?: string | undefined;
  readonly useFrom?: Date | undefined;
};

export type Revocation = {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** The key that signs from now on; none: nothing can be signed until the vault has another version. */
  readonly current?: string | undefined;
};
