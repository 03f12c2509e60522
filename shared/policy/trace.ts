import type { CompiledPolicies } from './compiled/compiled-policies.ts';
import type { ControlTrace, DecidedPolicy } from './decision.ts';
import type { Judge } from './judge.ts';
import { type JudgedControl, unknownSessionControl } from './judge-policy.ts';
import type { KnownFacts } from './known-facts.ts';
import type { Policy } from './policy.ts';
import { mergeSessions } from './session/policy-session.ts';
import type { SessionControlName, SessionControls } from './session/session-control.ts';

function traceControl({ control, verdict }: JudgedControl): ControlTrace {
  return {
    control: control.name,
    satisfied: verdict.kind === 'satisfied',
    satisfiable: verdict.kind !== 'unsatisfiable',
    because: verdict.because,
  };
}

function traceUnknownSession(control: string): ControlTrace {
  const { because } = unknownSessionControl;
  return { control, satisfied: false, satisfiable: false, because };
}

const none: readonly SessionControlName[] = [];

function overruled(policy: Policy, merged: SessionControls): readonly SessionControlName[] {
  if (policy.session.names.length === 0) return none;
  const own = mergeSessions([{ session: policy.session, certain: true, plain: true }]);
  return policy.session.names.filter(
    (name) => JSON.stringify(own[name]) !== JSON.stringify(merged[name]),
  );
}

/** What the controls of one decision came to, the same for all policies that ask the same. */
function controlTracer(
  judge: Judge,
): (compiled: CompiledPolicies['byId'][number]) => readonly ControlTrace[] {
  const traced = new Map<number, readonly ControlTrace[]>();
  return (compiled) => {
    const before = traced.get(compiled.demand);
    if (before !== undefined) return before;
    const controls = [
      ...judge.judge(compiled).controls.map(traceControl),
      ...compiled.policy.session.unknown.map(traceUnknownSession),
    ];
    traced.set(compiled.demand, controls);
    return controls;
  };
}

/**
 * Everything an administrator may want to know of every policy; the decision is made without it.
 * `decided` are the policies with their results, in the order of the input.
 */
export function tracePolicies(
  { byId, tracers }: CompiledPolicies,
  decided: readonly DecidedPolicy[],
  facts: KnownFacts,
  judge: Judge,
  merged: SessionControls,
): readonly DecidedPolicy[] {
  const controlsOf = controlTracer(judge);
  const traced = decided.slice();
  for (let at = 0; at < byId.length; at += 1) {
    const compiled = byId[at] as (typeof byId)[number];
    const { policy, inputAt } = compiled;
    const { id, displayName, state, result } = decided[inputAt] as DecidedPolicy;
    const applies = state === 'enabled' && result !== 'notApplied';
    const own = tracers[at] ?? [];
    const conditions = own.map((tracer) => tracer.trace(facts));
    traced[inputAt] = {
      id,
      displayName,
      state,
      result,
      conditions,
      controls: controlsOf(compiled),
      sessionControls: policy.session.names,
      overruledSessionControls: applies ? overruled(policy, merged) : none,
    };
  }
  return traced;
}
