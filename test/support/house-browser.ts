import { clientAddress } from '../../shared/checks/client-address.ts';
import type { Answer, Browser, PageAnswer } from '../../shared/flows/answers.ts';

/** One browser: the cookies that answers gave it, and what its requests show. */
export type TestBrowser = {
  -readonly [name in keyof Browser]: Browser[name];
};

export const someAddress = '198.51.100.7';

/** What the platform's header says, as the gateway reads it. */
export const addressSeen = (forwardedFor: string | undefined): string | undefined =>
  clientAddress({ kind: 'direct' }).of(() => forwardedFor);

export const newBrowser = (more: Partial<TestBrowser> = {}): TestBrowser => ({
  ipAddress: someAddress,
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/145.0',
  ...more,
});

/** Takes the cookies of an answer, as a browser does before it shows the page. */
export function take(browser: TestBrowser, answer: Answer): Answer {
  for (const { cookie, value } of answer.cookies ?? [])
    browser[cookie === 'browser' ? 'secret' : cookie] = value;
  return answer;
}

export type PageNamed<Name extends PageAnswer['page']> = Extract<
  Answer,
  { readonly kind: 'page'; readonly page: Name }
>;

/** The answer as the page it must be; anything else fails the test and says what came. */
export function pageOf<Name extends PageAnswer['page']>(
  answer: Answer,
  name: Name,
): PageNamed<Name> {
  if (answer.kind !== 'page' || answer.page !== name)
    throw new Error(`expected the page ${name}, got ${brief(answer)}`);
  return answer as PageNamed<Name>;
}

export function codeOf(answer: Answer): string {
  const code = answer.kind === 'authorizationResponse' ? answer.parameters['code'] : undefined;
  if (code === undefined) throw new Error(`expected a code, got ${brief(answer)}`);
  return code;
}

/** What happened, in a word: for comparing outcomes and for failures. */
export function brief(answer: Answer): string {
  switch (answer.kind) {
    case 'goHome':
      return 'goHome';
    case 'authorizationResponse':
      return 'code' in answer.parameters ? 'code' : `error ${answer.parameters['error']}`;
    case 'page':
      return briefPage(answer);
  }
}

function briefPage(answer: PageAnswer): string {
  switch (answer.page) {
    case 'message':
      return `message ${answer.message}`;
    case 'signOut':
      return answer.page;
    case 'blocked':
      return `blocked ${answer.cause}`;
    case 'enrol':
    case 'challenge':
    case 'passcode':
    case 'signIn':
      return answer.problem === undefined ? answer.page : `${answer.page} ${answer.problem}`;
  }
}
