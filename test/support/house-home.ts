import type {
  HomeAnswer,
  HomeIdentity,
  HomeIdp,
  HomePartner,
  HomeRequest,
  HomeResult,
} from '../../shared/ports.ts';

/**
 * The port of the homes' identity providers, answering what a test scripts. The real adapter against
 * a fake provider is what `test/threats/home-*` is about, and a real partner stands in the suites
 * over HTTP; here the question is only what the flows make of an answer, and a test must be able to
 * give any of them, at any moment of its own clock.
 *
 * The callback's `code` names the answer: `code=ann` is Ann coming back.
 */
export type ScriptedHome = HomeIdp & {
  /** What a code leads to, by the code. */
  readonly answers: Map<string, (now: Date) => HomeResult>;
  /** What the flows asked for and redeemed, in order. */
  readonly requests: { readonly partner: HomePartner; readonly request: HomeRequest }[];
  readonly redemptions: { readonly partner: HomePartner; readonly answer: HomeAnswer }[];
  /** Access tokens of the trusted issuer, with their claims. */
  readonly accessTokens: Map<string, Awaited<ReturnType<HomeIdp['verifyAccessToken']>>>;
};

export const contosoIssuer = 'http://127.0.0.1:7080';

/** The people of the example folder that Contoso can sign in, and one whom nobody invited. */
const subjects = {
  ann: '6f0c2b9e-51d7-4c1e-9a55-0d3a7be4c801',
  ben: 'd27a41c3-8e0b-4f6b-b1c9-5f9d0e6a7302',
  cho: '0b84e6f1-3c5d-49a2-8f7e-e1d2c3b4a503',
  stranger: '99999999-9999-4999-8999-999999999999',
} as const;

export type Person = keyof typeof subjects;

export const guestIds = {
  ann: 'a0000001-6f0c-4c1e-9a55-0d3a7be4c801',
  ben: 'a0000002-d27a-4f6b-b1c9-5f9d0e6a7302',
  cho: 'a0000003-0b84-49a2-8f7e-e1d2c3b4a503',
  eva: 'a0000004-93d5-4e0c-a4d3-c8b7a6f5e404',
  gus: 'a0000005-2f4e-4b6d-8a9c-1d3e5f7a9b05',
} as const;

/** A person as the home's token shows them; authenticated just now unless a test says otherwise. */
function identityOf(person: Person, now: Date, more: Partial<HomeIdentity> = {}): HomeIdentity {
  return {
    issuer: contosoIssuer,
    subject: subjects[person],
    authTime: now,
    issuedAt: now,
    amr: ['pwd'],
    tokenHash: `hash-of-the-token-of-${person}`,
    email: `${person}@contoso.example`,
    name: person,
    ...more,
  };
}

export const comesAs =
  (person: Person, more: Partial<HomeIdentity> = {}) =>
  (now: Date): HomeResult => ({ kind: 'identity', identity: identityOf(person, now, more) });

export function scriptedHome(): ScriptedHome {
  const answers: ScriptedHome['answers'] = new Map();
  for (const person of Object.keys(subjects) as Person[]) answers.set(person, comesAs(person));
  const requests: ScriptedHome['requests'] = [];
  const redemptions: ScriptedHome['redemptions'] = [];
  const accessTokens: ScriptedHome['accessTokens'] = new Map();
  return {
    answers,
    requests,
    redemptions,
    accessTokens,
    async authorizationUrl(partner, request) {
      requests.push({ partner, request });
      const url = new URL('https://home.example/authorize');
      url.searchParams.set('state', request.state);
      url.searchParams.set('nonce', request.nonce);
      return url.href;
    },
    async redeem(partner, answer, now) {
      redemptions.push({ partner, answer });
      const scripted = answers.get(answer.parameters.get('code') ?? '');
      return scripted?.(now) ?? { kind: 'invalid', check: 'no such code' };
    },
    async verifyAccessToken(_trusted, token) {
      return accessTokens.get(token);
    },
  };
}
