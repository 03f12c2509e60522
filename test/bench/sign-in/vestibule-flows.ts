import type { Answer, Browser } from '../../../shared/flows/answers.ts';
import { verifyPasscode } from '../../../shared/flows/passcode/verify-passcode.ts';
import { authorize } from '../../../shared/flows/sign-in/authorize.ts';
import { callback } from '../../../shared/flows/sign-in/callback.ts';
import { secondFactor } from '../../../shared/flows/sign-in/second-factor.ts';
import { signIn } from '../../../shared/flows/sign-in/sign-in.ts';
import { token } from '../../../shared/flows/token/token.ts';
import { openMailboxes } from './mailboxes.ts';
import { addressOf, codeAt, guestCount, mailOf, subjectOf } from './people.ts';
import { authorizationQuery, serveBench, together, tokenForm } from './protocol.ts';
import { benchHouseOf, openBenchHouse } from './vestibule-house.ts';

/** The flows alone, called one after the other in their own process: no HTTP, no pages. */
const wanted = benchHouseOf(process.argv);
const { door, mfa } = wanted;
const mailboxes = openMailboxes();
const house = await openBenchHouse('http://127.0.0.1:9', { ...wanted, deliver: mailboxes.put });

const given = (fields: Readonly<Record<string, string>>) => ({
  values: new Map(Object.entries(fields)),
  duplicates: [],
});

async function signInOnce(index: number): Promise<void> {
  const asked = await authorize(house, given(authorizationQuery(`s${index}`)), {}, house.now());
  const secret = asked.cookies?.find(({ cookie }) => cookie === 'browser')?.value;
  if (asked.kind !== 'page' || asked.page !== 'signIn' || !secret) throw unexpected(asked);
  const browser = { secret, ipAddress: addressOf(index), userAgent: 'bench' };

  const form = given({ ...asked.fields, mail: mailOf(door, index) });
  const chosen = await signIn(house, form, browser, house.now());
  let answer = await firstFactor(chosen, browser, index);
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

async function firstFactor(chosen: Answer, browser: Browser, index: number): Promise<Answer> {
  if (chosen.kind === 'page' && chosen.page === 'passcode') {
    const code = await mailboxes.take(mailOf(door, index));
    return verifyPasscode(house, { ...chosen.step, code, browser }, house.now());
  }
  if (chosen.kind !== 'goHome') throw unexpected(chosen);
  const parameters = new URLSearchParams({
    state: new URL(chosen.url).searchParams.get('state') ?? '',
    code: subjectOf(index),
  });
  return callback(house, { partnerId: 'contoso', parameters, browser }, house.now());
}

const unexpected = (answer: Answer) => new Error(`not expected: ${JSON.stringify(answer)}`);

const signIns = (count: number) => together(count, (i) => signInOnce(i % guestCount));
serveBench('', { clock: wanted.clock, signIns });
