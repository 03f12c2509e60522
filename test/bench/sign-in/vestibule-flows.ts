import type { Answer } from '../../../shared/flows/answers.ts';
import { authorize } from '../../../shared/flows/sign-in/authorize.ts';
import { callback } from '../../../shared/flows/sign-in/callback.ts';
import { secondFactor } from '../../../shared/flows/sign-in/second-factor.ts';
import { signIn } from '../../../shared/flows/sign-in/sign-in.ts';
import { token } from '../../../shared/flows/token/token.ts';
import { codeAt, guestCount, mailOf, subjectOf } from './people.ts';
import { authorizationQuery, serveBench, together, tokenForm } from './protocol.ts';
import { openBenchHouse } from './vestibule-house.ts';

/** The flows alone, called one after the other in their own process: no HTTP, no pages. */
const clock = { aheadMs: 0 };
const mfa = process.argv.includes('--mfa');
const house = await openBenchHouse('http://127.0.0.1:9', mfa, clock);

const given = (fields: Readonly<Record<string, string>>) => ({
  values: new Map(Object.entries(fields)),
  duplicates: [],
});

async function signInOnce(index: number): Promise<void> {
  const asked = await authorize(house, given(authorizationQuery(`s${index}`)), {}, house.now());
  const secret = asked.cookies?.find(({ cookie }) => cookie === 'browser')?.value;
  if (asked.kind !== 'page' || asked.page !== 'signIn' || !secret) throw unexpected(asked);
  const browser = { secret, forwardedFor: '203.0.113.7:50000', userAgent: 'bench' };

  const form = given({ ...asked.fields, mail: mailOf(index) });
  const leaving = await signIn(house, form, browser, house.now());
  if (leaving.kind !== 'goHome') throw unexpected(leaving);

  const parameters = new URLSearchParams({
    state: new URL(leaving.url).searchParams.get('state') ?? '',
    code: subjectOf(index),
  });
  const back = { partnerId: 'contoso', parameters, browser };
  let answer = await callback(house, back, house.now());
  if (mfa) {
    if (answer.kind !== 'page' || answer.page !== 'challenge') throw unexpected(answer);
    const now = house.now();
    const input = { action: 'challenge', ...answer.step, code: codeAt(now.getTime()), browser };
    answer = await secondFactor(house, input as Parameters<typeof secondFactor>[1], now);
  }
  if (answer.kind !== 'authorizationResponse') throw unexpected(answer);

  const code = answer.parameters['code'] ?? '';
  const fields = { form: given(tokenForm(code)).values, duplicates: [], authorization: undefined };
  const tokens = await token(house, fields, house.now());
  if (tokens.kind !== 'tokens') throw new Error(`no tokens: ${JSON.stringify(tokens)}`);
}

const unexpected = (answer: Answer) => new Error(`not expected: ${JSON.stringify(answer)}`);

serveBench('', { clock, signIns: (count) => together(count, (i) => signInOnce(i % guestCount)) });
