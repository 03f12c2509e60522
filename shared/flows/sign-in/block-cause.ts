import type { Decision } from '../../policy/index.ts';
import type { BlockCause } from '../answers.ts';

/** Entra's error numbers, as the engine gives them, in words that a page has copy for. */
const causes: Readonly<Record<number, BlockCause>> = {
  53000: 'deviceNotCompliant',
  53001: 'deviceNotJoined',
  53002: 'appNotApproved',
  53009: 'appNotApproved',
  53003: 'blockedByPolicy',
  53004: 'riskWithoutMethod',
  53010: 'registrationNotPossible',
  50135: 'resolveAtHome',
  50158: 'controlNotAvailable',
};

export const blockCause = (decision: Decision): BlockCause =>
  causes[decision.reason?.code ?? 0] ?? 'blockedByPolicy';
