import type { ConditionTrace, ControlTrace, DecidedPolicy } from './decision.ts';
import { type JudgedControl, unknownSessionControl } from './judge-policy.ts';
import type { KnownFacts } from './known-facts.ts';
import type { Policy } from './policy-set.ts';
import { mergeSessions } from './session/policy-session.ts';
import type { SessionControlName, SessionControls } from './session/session-control.ts';

function traceConditions(policy: Policy, facts: KnownFacts): readonly ConditionTrace[] {
  const reportOnly = policy.state === 'enabledForReportingButNotEnforced';
  return policy.conditions.map(({ name, condition }) => {
    const outcome = condition.evaluate(facts);
    const because = condition.explain(facts);
    const note = reportOnly && outcome === 'unknown' ? '; counts as a match once enabled' : '';
    return { name, outcome, because: because + note };
  });
}

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

function overruled(policy: Policy, merged: SessionControls): readonly SessionControlName[] {
  const own = mergeSessions([{ session: policy.session, certain: true, plain: true }]);
  return policy.session.names.filter(
    (name) => JSON.stringify(own[name]) !== JSON.stringify(merged[name]),
  );
}

type Trace = Pick<
  DecidedPolicy,
  'conditions' | 'controls' | 'sessionControls' | 'overruledSessionControls'
>;

/** Everything an administrator may want to know of one policy; the decision is made without it. */
export function tracePolicy(
  policy: Policy,
  facts: KnownFacts,
  judged: readonly JudgedControl[],
  merged: SessionControls | undefined,
): Trace {
  const { names, unknown } = policy.session;
  return {
    conditions: traceConditions(policy, facts),
    controls: [...judged.map(traceControl), ...unknown.map(traceUnknownSession)],
    sessionControls: names,
    overruledSessionControls: merged === undefined ? [] : overruled(policy, merged),
  };
}
