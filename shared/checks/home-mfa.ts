/** What a home token said of the sign-in at home, and what its partner is trusted for. */
export type HomeEvidence = {
  readonly amr: readonly string[];
  readonly acr?: string | undefined;
  readonly authenticatedAt?: string | undefined;
};

export type HomeTrust = {
  readonly isMfaAccepted: boolean;
  readonly mfaAmr: readonly string[];
  readonly mfaAcr: readonly string[];
  readonly maxAgeSeconds: number;
};

/** Clocks of two organisations may differ by this much. */
const skewMs = 60_000;

/**
 * When the home's MFA counts: the partner is trusted for it, the token carries one of the values
 * that mean it, and says when. The answer is that time; undefined = one factor, no more.
 */
export function homeMfaAt(evidence: HomeEvidence, trust: HomeTrust, now: Date): string | undefined {
  if (!trust.isMfaAccepted || evidence.authenticatedAt === undefined) return undefined;
  const named =
    evidence.amr.some((value) => trust.mfaAmr.includes(value)) ||
    (evidence.acr !== undefined && trust.mfaAcr.includes(evidence.acr));
  const ageMs = now.getTime() - Date.parse(evidence.authenticatedAt);
  const fresh = ageMs >= -skewMs && ageMs < trust.maxAgeSeconds * 1000;
  return named && fresh ? evidence.authenticatedAt : undefined;
}
