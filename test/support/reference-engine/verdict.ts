// §5, §11.11, §11.16: from the policies to one decision.
import { type Control, promptOrder } from './grant.ts';
import type { Action } from './standing.ts';

/** One applying enabled policy. */
export interface Applying {
  readonly id: string;
  readonly controls: readonly Control[];
  readonly operator: 'AND' | 'OR';
  /** §11.10: the first factor is over the policy's own limit. */
  readonly frequencyOver: boolean;
  /** §11.4: an unknown session control. */
  readonly sessionUnsatisfiable: boolean;
}

export type PolicyVerdict = 'success' | 'interrupted' | 'failure';

function isUnsatisfiable(control: Control): boolean {
  return control.standing.kind === 'unsatisfiable';
}

function hasBlock(policy: Applying): boolean {
  return policy.controls.some(({ name }) => name === 'block');
}

function grantVerdict({ controls, operator }: Applying): PolicyVerdict {
  if (controls.length === 0) return 'success';
  const kinds = controls.map(({ standing }) => standing.kind);
  if (operator === 'OR') {
    if (kinds.includes('satisfied')) return 'success';
    return kinds.includes('open') ? 'interrupted' : 'failure';
  }
  if (kinds.includes('unsatisfiable')) return 'failure';
  return kinds.includes('open') ? 'interrupted' : 'success';
}

/** §11.11: each applying enabled policy is judged alone. */
export function verdictOf(policy: Applying): PolicyVerdict {
  if (hasBlock(policy) || policy.sessionUnsatisfiable) return 'failure';
  const grant = grantVerdict(policy);
  if (grant === 'failure') return 'failure';
  return policy.frequencyOver ? 'interrupted' : grant;
}

interface Item {
  readonly policyId: string;
  readonly control: Control;
}

/** Prompt order, then the smallest policy id, then the smallest terms id. */
function firstInPromptOrder(items: readonly Item[]): Item | undefined {
  const place = ({ control }: Item): number => promptOrder.indexOf(control.name);
  const text = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  return [...items].sort(
    (one, other) =>
      place(one) - place(other) ||
      text(one.policyId, other.policyId) ||
      text(one.control.termsId ?? '', other.control.termsId ?? ''),
  )[0];
}

const unknownSessionControl: Control = {
  name: 'unknown',
  termsId: undefined,
  standing: { kind: 'unsatisfiable', code: 50158 },
};

const frequencyControl: Control = {
  name: 'signInFrequency',
  termsId: undefined,
  standing: { kind: 'open', action: 'reauthenticate', methods: undefined },
};

/** §11.11: 53003 for a `block` control, else that of the first unsatisfiable control. */
function blockCode(failing: readonly Applying[], enrolling: boolean): number {
  let code = 53003;
  if (!failing.some(hasBlock)) {
    const items = failing.flatMap((policy) => [
      ...(grantVerdict(policy) === 'failure' ? policy.controls.filter(isUnsatisfiable) : []).map(
        (control) => ({ policyId: policy.id, control }),
      ),
      ...(policy.sessionUnsatisfiable
        ? [{ policyId: policy.id, control: unknownSessionControl }]
        : []),
    ]);
    const standing = firstInPromptOrder(items)?.control.standing;
    if (standing?.kind === 'unsatisfiable') code = standing.code;
  }
  return enrolling && code === 53003 ? 53010 : code;
}

const interruptCodes: Readonly<Record<Action, number | null>> = {
  challenge: 50076,
  stepUpAtHome: 50076,
  register: 50072,
  reauthenticate: 70043,
  registerDevice: 50097,
  acceptTerms: null,
};

/** What an interrupted policy still asks. */
function openControls(policy: Applying): readonly Control[] {
  const open =
    grantVerdict(policy) === 'interrupted'
      ? policy.controls.filter(({ standing }) => standing.kind === 'open')
      : [];
  return policy.frequencyOver ? [frequencyControl, ...open] : open;
}

export interface Verdict {
  readonly outcome: 'grant' | 'interrupt' | 'block';
  readonly next: Readonly<Record<string, unknown>> | undefined;
  readonly code: number | null | undefined;
  readonly policyIds: readonly string[] | undefined;
  readonly status: 'success' | 'failure' | 'notApplied';
}

export function decideTogether(policies: readonly Applying[], enrolling: boolean): Verdict {
  const failing = policies.filter((policy) => verdictOf(policy) === 'failure');
  if (failing.length > 0)
    return {
      outcome: 'block',
      next: undefined,
      code: blockCode(failing, enrolling),
      policyIds: failing.map(({ id }) => id).sort(),
      status: 'failure',
    };
  const open = policies
    .filter((policy) => verdictOf(policy) === 'interrupted')
    .flatMap((policy) => openControls(policy).map((control) => ({ policyId: policy.id, control })));
  const step = firstInPromptOrder(open);
  if (step?.control.standing.kind === 'open') {
    const { name, termsId, standing } = step.control;
    // §11.16: a step serves every policy with the same open control; for terms, the same terms.
    const served = open
      .filter(({ control }) => control.name === name && control.termsId === termsId)
      .map(({ policyId }) => policyId);
    const policyIds = [...new Set(served)].sort();
    return {
      outcome: 'interrupt',
      next: {
        control: name,
        action: standing.action,
        ...(standing.methods === undefined ? {} : { methods: standing.methods }),
        ...(termsId === undefined ? {} : { termsOfUseId: termsId }),
        policyIds,
      },
      code: interruptCodes[standing.action],
      policyIds,
      status: 'failure',
    };
  }
  return {
    outcome: 'grant',
    next: undefined,
    code: undefined,
    policyIds: undefined,
    status: policies.length > 0 ? 'success' : 'notApplied',
  };
}
