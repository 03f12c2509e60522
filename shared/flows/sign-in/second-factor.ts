import { countedToday, mayTry, withWrong } from '../../checks/limits.ts';
import { checkTotp, readTotpCode } from '../../checks/totp.ts';
import { readAuthorizationHandle } from '../../core/handles.ts';
import { randomToken, readBrowserSecret } from '../../core/ids.ts';
import { seal, sealKeyId } from '../../core/seal.ts';
import { isBefore } from '../../core/time.ts';
import { decide } from '../../policy/index.ts';
import type { Change } from '../../ports.ts';
import { attemptsKey } from '../../rows/attempts.ts';
import type { Authorization } from '../../rows/authorization.ts';
import { withEvent } from '../../rows/events.ts';
import { guestPartition } from '../../rows/guest.ts';
import { type Method, methodKey, totpSealAad } from '../../rows/method.ts';
import { insert, replace, type Versioned } from '../../rows/row.ts';
import { projectMethods } from '../admin/project-guest.ts';
import type { Answer, Browser } from '../answers.ts';
import { commitPlan, type Plan } from '../commit-plan.ts';
import type { House } from '../house.ts';
import { logLines } from '../log.ts';
import { languagesAsked, postNotice } from '../mail/notices.ts';
import { advance } from './advance.ts';
import { block } from './block.ts';
import { type Stepped, stepped } from './commit-step.ts';
import { browserFacts, gatherFacts } from './facts.ts';
import { frameOf } from './frame.ts';
import { authorizationOf } from './guest-rows.ts';
import type { Advanced, Parties } from './judged.ts';
import { message } from './messages.ts';
import { currentAnswer } from './show-step.ts';
import { loadStage, type Stage } from './stage.ts';
import { partiesOf } from './standing.ts';
import { stepPage } from './step-page.ts';

/**
 * POST /mfa/verify and /mfa/enrol: a code from the authenticator app. The verdict, the count and
 * whatever follows from them are one commit, and only its winner answers.
 */
export type CodeInput = {
  readonly action: 'challenge' | 'register';
  readonly handle: string;
  readonly nonce: string;
  readonly code: string;
  readonly browser: Browser;
};

type Verdict = {
  readonly answer: Answer;
  readonly logs?: Stepped['logs'];
  /** For the journal: a code that did not count. */
  readonly wrong?: {
    readonly guest: string;
    readonly problem: string;
    readonly knownBrowser: boolean;
  };
  /** The day's tries are spent: an alarm, once the commit is in. */
  readonly locked?: true;
  /** What is registered since this step's enrolment. */
  readonly enrolled?: readonly string[];
};

export async function secondFactor(house: House, input: CodeInput, now: Date): Promise<Answer> {
  const configuration = await house.configuration();
  const frame = frameOf(configuration);
  const handle = readAuthorizationHandle(input.handle);
  const secret = readBrowserSecret(input.browser.secret);
  if (!handle) return message('startAtApp', { frame });
  if (!secret) return message('otherBrowser', { frame });
  const facts = browserFacts(input.browser);
  const stageInput = { guestId: handle.guest, id: handle.id, secret, browser: input.browser };
  let last: Stage | undefined;
  const verdict = await commitPlan<Stage | undefined, Verdict>(
    house.store,
    guestPartition(handle.guest),
    async () => {
      last = await loadStage(house, configuration, stageInput, now);
      return last;
    },
    (stage) => (stage ? judge(stage, input, facts) : only(message('otherBrowser', { frame }))),
  );
  // others came first three times: this guess is told nothing
  if (!verdict) return last ? currentAnswer(last, 'notJudged') : message('signInOver', { frame });
  if (verdict.enrolled && last) {
    const guest = last.rows.guest.value;
    const { request } = authorizationOf(last.rows, last.h)?.value ?? {};
    const languages = languagesAsked(request, input.browser);
    house.journal.line('info', 'enrolled', { guest: guest.id });
    await projectMethods(house, guest, verdict.enrolled, now);
    await postNotice(house, guest, { kind: 'methodRegistered', languages }, now);
  }
  await logLines(house, verdict.logs ?? []);
  if (verdict.locked) house.journal.line('alarm', 'secondFactorLocked', { guest: handle.guest });
  if (verdict.wrong) house.journal.line('warning', 'secondFactorRefused', verdict.wrong);
  return verdict.answer;
}

/** GET /mfa/verify and /mfa/enrol: the page the sign-in waits at, for its own browser. */
export async function showSecondFactor(
  house: House,
  input: { readonly handle: string; readonly browser: Browser },
  now: Date,
): Promise<Answer> {
  const configuration = await house.configuration();
  const handle = readAuthorizationHandle(input.handle);
  const secret = readBrowserSecret(input.browser.secret);
  if (!handle || !secret) return message('startAtApp', { frame: frameOf(configuration) });
  const stageInput = { guestId: handle.guest, id: handle.id, secret, browser: input.browser };
  const stage = await loadStage(house, configuration, stageInput, now);
  return stage ? currentAnswer(stage) : message('otherBrowser', { frame: frameOf(configuration) });
}

const only = (answer: Answer): Plan<Verdict> => ({ changes: [], answer: { answer } });

function judge(stage: Stage, input: CodeInput, browser: Authorization['browser']): Plan<Verdict> {
  const row = authorizationOf(stage.rows, stage.h);
  if (!row) return only(message('otherBrowser', { frame: frameOf(stage.configuration) }));
  const parties = partiesOf(stage.configuration, stage.rows.guest.value, row.value);
  const isOpen = row.value.state === 'open' && isBefore(stage.now, row.value.expiresAt);
  // sent twice, or gone on in another window: where it stands now
  if (!isOpen || !parties || input.nonce === row.value.previousNonce)
    return only(currentAnswer(stage));
  if (input.nonce !== row.value.stepNonce || row.value.next?.action !== input.action) {
    return only(
      message('signInOver', {
        frame: frameOf(stage.configuration, parties.app, row.value.request),
      }),
    );
  }
  const step = { stage, parties, row: { ...row, value: { ...row.value, browser } } };
  return input.action === 'challenge' ? challenge(step, input.code) : enrol(step, input.code);
}

type Step = {
  readonly stage: Stage;
  readonly parties: Parties;
  readonly row: Versioned<Authorization>;
};

// ── challenge ────────────────────────────────────────────────────────────────────────────────

function challenge(step: Step, text: string): Plan<Verdict> {
  const { stage, parties, row } = step;
  const { now, rows, device } = stage;
  const counted = countedToday(rows.attempts?.value, now);
  if (!mayTry(counted, device.known)) return lockedOut(step);
  const code = readTotpCode(text);
  if (code === undefined)
    return only(stepPage(stage, parties, row.value, { problem: 'malformed' }));
  const tried = rows.methods.map((method) => ({
    method,
    verdict: checkTotp(stage.secrets.get(method.value.id) ?? '', code, method.value.lastStep, now),
  }));
  const right = tried.find(({ verdict }) => verdict.kind === 'right');
  if (right?.verdict.kind !== 'right') {
    const used = tried.some(({ verdict }) => verdict.kind === 'used');
    const next = withWrong(counted, device.known);
    const count = rows.attempts ? replace(rows.attempts, next) : insert(attemptsKey, next);
    return wrong(step, used ? 'used' : 'wrong', [count]);
  }
  const lastUsedDateTime = now.toISOString();
  const used: Method = {
    ...right.method.value,
    secretSealed: sealedAnew(stage, right.method.value),
    lastStep: right.verdict.step,
    lastUsedDateTime,
  };
  const proven = withProof(row.value, now, 'secondFactor');
  const methods = rows.methods.map(({ value }) => (value.id === used.id ? used : value));
  const advanced = advance(stage, parties, proven, methods);
  return written(stage, advanced, [replace(right.method, used)]);
}

/** Under the key of now, where another sealed it: so a key that is rotated away runs out of what it opens. */
function sealedAnew(stage: Stage, { id, secretSealed }: Method): string {
  const { totpKey, guestId } = stage;
  const secret = stage.secrets.get(id);
  if (secret === undefined || sealKeyId(secretSealed) === totpKey.id) return secretSealed;
  return seal(totpKey, totpSealAad(guestId, id), secret);
}

/** The day's tries are spent: the sign-in ends, and the log's row is the administrator's alarm. */
function lockedOut({ stage, parties, row }: Step): Plan<Verdict> {
  const methods = stage.rows.methods.map(({ value }) => value);
  const facts = gatherFacts(
    {
      geo: stage.house.geo,
      configuration: stage.configuration,
      guest: stage.rows.guest.value,
      methods,
      authorization: row.value,
      ...parties,
    },
    stage.now,
  );
  const decision = decide(stage.configuration.policySet, facts, { trace: false });
  const advanced = block({ stage, parties, facts, decision }, row.value, 'tooManyCodes');
  return written(stage, advanced, [], { locked: true });
}

// ── enrolment ────────────────────────────────────────────────────────────────────────────────

/** The first right code registers the method; its step counts as used. */
function enrol(step: Step, text: string): Plan<Verdict> {
  const { stage, parties, row } = step;
  const { now, rows } = stage;
  const registered = rows.methods.map(({ value }) => value);
  // the offer is judged anew: policies may have changed since, the first factor may be old by now,
  // and whoever has registered elsewhere meanwhile proves that method first
  const offer = advance(stage, parties, row.value, registered);
  const { enrolling } = row.value;
  if (!enrolling || offer.authorization.next?.action !== 'register') return written(stage, offer);
  const code = readTotpCode(text);
  if (code === undefined)
    return only(stepPage(stage, parties, row.value, { problem: 'malformed' }));
  const verdict = checkTotp(stage.secrets.get(enrolling.methodId) ?? '', code, undefined, now);
  if (verdict.kind !== 'right') return wrong(step, 'wrong', []);
  const at = now.toISOString();
  const method: Method = {
    kind: 'softwareOath',
    id: enrolling.methodId,
    secretSealed: enrolling.secretSealed,
    lastStep: verdict.step,
    createdDateTime: at,
    lastUsedDateTime: at,
  };
  const { enrolling: _, ...rest } = withProof(row.value, now, 'enrolled');
  const methods = [...registered, method];
  const advanced = advance(stage, parties, rest, methods);
  const enrolled = methods.map(({ kind }) => kind);
  return written(stage, advanced, [insert(methodKey(method.id), method)], { enrolled });
}

// ── both ─────────────────────────────────────────────────────────────────────────────────────

/** A step's verdict with everything that its commit writes and tells. */
function written(
  stage: Stage,
  advanced: Advanced,
  own: readonly Change[] = [],
  more: Omit<Verdict, 'answer' | 'logs'> = {},
): Plan<Verdict> {
  const { changes, logs } = stepped(stage, advanced, own);
  return { changes, answer: { answer: advanced.answer, logs, ...more } };
}

const withProof = (authorization: Authorization, now: Date, what: 'secondFactor' | 'enrolled') => ({
  ...authorization,
  proofs: [...authorization.proofs, { mode: 'softwareOath' as const, at: now.toISOString() }],
  events: withEvent(authorization.events, now, what),
});

function wrong(
  { stage, parties, row }: Step,
  problem: 'wrong' | 'used',
  counts: readonly Change[],
): Plan<Verdict> {
  const authorization: Authorization = {
    ...row.value,
    previousNonce: row.value.stepNonce,
    stepNonce: randomToken(),
    events: withEvent(row.value.events, stage.now, problem === 'used' ? 'usedCode' : 'wrongCode'),
  };
  const answer = stepPage(stage, parties, authorization, { problem });
  const advanced: Advanced = { authorization, changes: counts, answer };
  const told = { guest: stage.guestId, problem, knownBrowser: stage.device.known };
  return written(stage, advanced, [], { wrong: told });
}
