import { contentHash } from '../content-hash.ts';
import type { DecidedPolicy } from '../decision.ts';
import type { Policy } from '../policy.ts';
import { type ConditionTracer, tracersOf } from './condition-trace.ts';
import { numberDemands } from './demands.ts';
import { PolicyIndex } from './policy-index.ts';
import { type Standing, standingOf } from './standing.ts';

/** A policy at its place in the order of ids. */
export interface CompiledPolicy {
  readonly policy: Policy;
  /** Where it stands in the input. */
  readonly inputAt: number;
  /** The same for all policies that ask the same. */
  readonly demand: number;
  readonly standing: Standing;
}

/** The policies of a set, made ready for decisions. */
export interface CompiledPolicies {
  /** By policy id, so that the order of the input never matters; the index counts by this order. */
  readonly byId: readonly CompiledPolicy[];
  readonly index: PolicyIndex;
  /** Explain the conditions, policy by policy in the order of ids. */
  readonly tracers: readonly (readonly ConditionTracer[])[];
  /** How all policies stand when none applies, in the order of the input. */
  readonly idle: readonly DecidedPolicy[];
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Orders by id, then by content, so that two policies with one id have an order of their own. */
function ordered(policies: readonly Policy[]): { policy: Policy; inputAt: number }[] {
  const keyed = policies.map((policy, inputAt) => ({
    policy,
    inputAt,
    id: policy.id.toLowerCase(),
    hash: contentHash(policy.source),
  }));
  return keyed.sort((a, b) => compareText(a.id, b.id) || compareText(a.hash, b.hash));
}

export function compilePolicies(policies: readonly Policy[]): CompiledPolicies {
  const order = ordered(policies);
  const sorted = order.map(({ policy }) => policy);
  const demands = numberDemands(sorted);
  const standings = new Map(policies.map((policy) => [policy, standingOf(policy)]));
  const standing = (policy: Policy): Standing => standings.get(policy) ?? standingOf(policy);
  const index = new PolicyIndex(sorted);
  return {
    byId: order.map(({ policy, inputAt }, at) => ({
      policy,
      inputAt,
      demand: demands[at] ?? 0,
      standing: standing(policy),
    })),
    index,
    tracers: tracersOf(sorted, index),
    idle: policies.map((policy) => standing(policy).idle),
  };
}
