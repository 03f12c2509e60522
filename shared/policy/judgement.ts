import type { Judgement } from './controls/control.ts';
import { isOver } from './frequency.ts';
import type { KnownFacts, ProvedMethod } from './known-facts.ts';
import { secondFactors } from './methods.ts';
import type { SessionControls } from './session/session-control.ts';

/** Whether a method of the home, or one done here, counts at all. */
function isTrusted({ mode, where }: ProvedMethod, facts: KnownFacts): boolean {
  if (mode === 'federatedMultiFactor') return where !== undefined && facts.trust.mfa;
  if (where === 'home') return mode === 'federatedSingleFactor' || facts.trust.mfa;
  return where === 'resource';
}

/** What the controls of this sign-in are judged by. */
export function judgementOf(
  facts: KnownFacts,
  session: SessionControls,
  riskApplies: boolean,
): Judgement {
  const secondaryLimit = session.signInFrequency?.secondary;
  // Times are read only where there is a limit.
  const isStale = (method: ProvedMethod): boolean =>
    secondaryLimit !== undefined &&
    (secondFactors.has(method.mode) || method.mode === 'federatedMultiFactor') &&
    isOver(secondaryLimit, method.at, facts.now);
  const counted = facts.methods.filter((m) => isTrusted(m, facts) && !isStale(m));
  return {
    facts,
    riskApplies,
    secondaryLimit,
    counted,
    provedHere: counted.some(({ mode, where }) => where === 'resource' && secondFactors.has(mode)),
    provedAtHome:
      facts.trust.mfa &&
      facts.homeClaims.mfa &&
      !isOver(secondaryLimit, facts.homeClaims.mfaAt, facts.now),
  };
}
