import { pkceHolds } from '../../checks/pkce.ts';
import { readCode } from '../../core/handles.ts';
import { randomToken, type SignInHash, sameText } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { type LogPlace, newLogPlace, writeReference } from '../../core/reference.ts';
import { isBefore, later, secondsMs } from '../../core/time.ts';
import { type Decision, decide } from '../../policy/index.ts';
import type { Geo } from '../../ports.ts';
import type { Authorization } from '../../rows/authorization.ts';
import { withEvent } from '../../rows/events.ts';
import { guestPartition } from '../../rows/guest.ts';
import type { SignInLog } from '../../rows/log.ts';
import { replace } from '../../rows/row.ts';
import { commitPlan, type Plan } from '../commit-plan.ts';
import type { House } from '../house.ts';
import { logSignIn } from '../log.ts';
import { decisionEntry, endedBy } from '../sign-in/block.ts';
import { codeHashOf } from '../sign-in/codes.ts';
import { gatherFacts } from '../sign-in/facts.ts';
import { accountAnd, authorizationOf, type GuestRows, loadGuest } from '../sign-in/guest-rows.ts';
import { canKeep, type Parties, recordOf } from '../sign-in/judged.ts';
import { partiesOf } from '../sign-in/standing.ts';
import type { Client, Refuse, TokenAnswer } from './token-client.ts';
import { issueTokens, tokenId } from './tokens.ts';

/**
 * The authorization code (RFC 6749 §4.1.3, RFC 9700 §2.1.1). Order: sign, redeem (a compare-and-swap of
 * the authorization alone), log, then answer: where nothing can be signed the code is not spent, and no
 * token leaves before the commit. The policies are asked again, with the facts of the sign-in's browser
 * and with the directory, time and policies of now.
 */
export async function redeemCode(
  house: House,
  client: Client,
  form: ReadonlyMap<string, string>,
  refuse: Refuse,
  now: Date,
): Promise<TokenAnswer> {
  const code = readCode(form.get('code') ?? '');
  if (!form.has('code')) return refuse('invalid_request', 'code is missing');
  if (!code) return refuse('invalid_grant', invalidCode);
  const shown: Shown = {
    client,
    h: code.h,
    codeHash: codeHashOf(code.secret),
    redirectUri: form.get('redirect_uri'),
    verifier: form.get('code_verifier'),
    resource: form.get('resource'),
  };
  const jti = tokenId(code.guest, code.h, randomToken());
  const outcome = await commitPlan<GuestRows | undefined, Signed>(
    house.store,
    guestPartition(code.guest),
    () => loadGuest(house.store, code.guest, accountAnd(code.h)),
    async (rows) => {
      const { changes, answer } = plan(rows, { shown, jti, geo: house.geo }, now);
      if (answer.kind === 'refused') return { changes, answer };
      const { log, ...redeemed } = answer;
      const body = await issueTokens(house, client.configuration, { ...redeemed, jti }, now);
      return { changes, answer: { kind: 'tokens', body, log } };
    },
  );
  if (!outcome) return refuse('invalid_grant', invalidCode);
  if (outcome.log) await logSignIn(house, outcome.log.place, outcome.log.entry);
  if (outcome.kind === 'refused') {
    const refused = refuse('invalid_grant', outcome.why, outcome.more);
    // where the log has a row, the reference is that row's
    return outcome.log ? { ...refused, reference: writeReference(outcome.log.place) } : refused;
  }
  return { kind: 'tokens', body: outcome.body };
}

/** One text for every reason: whoever holds a foreign code learns nothing about it. */
const invalidCode = 'the code is not valid, expired, used, or for another client';

type Shown = {
  readonly client: Client;
  readonly h: SignInHash;
  readonly codeHash: string;
  readonly redirectUri: string | undefined;
  readonly verifier: string | undefined;
  readonly resource: string | undefined;
};

type Outcome =
  | {
      readonly kind: 'redeemed';
      readonly guest: GuestRows['guest']['value'];
      readonly authorization: Authorization;
      readonly parties: Parties;
      readonly sessionControls: Decision['sessionControls'];
      readonly log: { place: LogPlace; entry: SignInLog };
    }
  | {
      readonly kind: 'refused';
      readonly why: string;
      readonly more?: { readonly suberror: string; readonly error_codes: readonly number[] };
      readonly log?: { place: LogPlace; entry: SignInLog } | undefined;
    };

type Signed =
  | Extract<Outcome, { readonly kind: 'refused' }>
  | {
      readonly kind: 'tokens';
      readonly body: JsonObject;
      readonly log: { place: LogPlace; entry: SignInLog };
    };

function plan(
  rows: GuestRows | undefined,
  { shown, jti, geo }: Pick<Judging, 'shown' | 'jti' | 'geo'>,
  now: Date,
): Plan<Outcome> {
  const refused: Plan<Outcome> = { changes: [], answer: { kind: 'refused', why: invalidCode } };
  const row = rows && authorizationOf(rows, shown.h);
  if (!row || !isOwners(row.value, shown)) return refused;
  // the owner, with everything that belongs to the code, for the second time: somebody else has it too
  if (row.value.state === 'redeemed') {
    const events = withEvent(row.value.events, now, 'replayed');
    return { ...refused, changes: [replace(row, { ...row.value, state: 'revoked', events })] };
  }
  const { code } = row.value;
  if (row.value.state !== 'code' || !code || !lives(code, now)) return refused;
  const parties = partiesOf(shown.client.configuration, rows.guest.value, row.value);
  if (!parties) return refused;
  return judge({ rows, row, parties, shown, jti, geo, now });
}

/** Clocks of two instances may differ by this much. */
const skewMs = 60 * secondsMs;

/** A code from the time to come is none: the clock went back, and how old it is cannot be told. */
const lives = (code: { readonly issuedAt: string; readonly expiresAt: string }, now: Date) =>
  isBefore(now, code.expiresAt) && !isBefore(later(now, skewMs), code.issuedAt);

/** Client, redirect URI, PKCE and the code's own secret; the registration may have changed since. */
function isOwners({ request, code }: Authorization, shown: Shown): boolean {
  const { app } = shown.client;
  return (
    code !== undefined &&
    request.clientId === app.appId &&
    sameText(code.hash, shown.codeHash) &&
    request.redirectUri === shown.redirectUri &&
    pkceHolds(request.codeChallenge, shown.verifier) &&
    (shown.resource === undefined || shown.resource === request.resource)
  );
}

type Judging = {
  readonly rows: GuestRows;
  readonly row: NonNullable<ReturnType<typeof authorizationOf>>;
  readonly parties: Parties;
  readonly shown: Shown;
  readonly jti: string;
  readonly geo: Geo;
  readonly now: Date;
};

function judge({ rows, row, parties, shown, jti, geo, now }: Judging): Plan<Outcome> {
  const { configuration } = shown.client;
  const methods = rows.methods.map(({ value }) => value);
  const facts = gatherFacts(
    { geo, configuration, guest: rows.guest.value, methods, authorization: row.value, ...parties },
    now,
  );
  const decision = decide(configuration.policySet, facts, { trace: false });
  const decided = { ...row.value, decision: recordOf(decision, configuration.setVersion, now) };
  const entry = (result: 'success' | 'failure', authorization: Authorization) => ({
    place: newLogPlace(now),
    entry: {
      kind: 'signIn' as const,
      at: now.toISOString(),
      result,
      guest: rows.guest.value.id,
      app: row.value.request.clientId,
      ...decisionEntry(facts, decision, configuration.setVersion),
      events: authorization.events,
    },
  });
  if (decision.outcome !== 'grant' || !canKeep(decision)) {
    const ended = endedBy(decided, now, 'policyNoLongerMet');
    const number = decision.reason?.code;
    return {
      changes: [replace(row, ended)],
      answer: {
        kind: 'refused',
        why: 'a policy is no longer met; the guest must sign in again',
        more: {
          suberror: decision.outcome === 'interrupt' ? 'interaction_required' : 'access_denied',
          error_codes: number ? [number] : [],
        },
        log: entry('failure', ended),
      },
    };
  }
  const seconds = configuration.settings.accessTokenSeconds;
  const redeemed: Authorization = {
    ...decided,
    state: 'redeemed',
    tokens: {
      jti,
      issuedAt: now.toISOString(),
      expiresAt: later(now, seconds * secondsMs).toISOString(),
    },
    events: withEvent(row.value.events, now, 'redeemed'),
  };
  return {
    changes: [replace(row, redeemed)],
    answer: {
      kind: 'redeemed',
      guest: rows.guest.value,
      authorization: redeemed,
      parties,
      sessionControls: decision.sessionControls,
      log: entry('success', redeemed),
    },
  };
}
