import type * as z from 'zod';
import { type KeysBody, rotatedAnswer } from '../../shared/api/keys.ts';
import { usageError } from '../arguments.ts';
import { withFix } from '../cli-error.ts';
import { bodyOf } from '../client.ts';
import { defineCommand } from '../command.ts';
import { list, printable } from '../text.ts';

export const keysRotate = defineCommand({
  name: 'keys rotate',
  summary: `Publish the next signing keys, which take over a day later, or make a new key for secrets
(codes, cookies, second factors at rest), which takes over ten minutes later.
Signing keys in a vault are made by the vault: rotate them there first.`,
  arguments: ['<signing|secrets>'],
  options: {
    reason: { type: 'string', value: 'why', required: true, help: 'kept in the audit log' },
  },
  connects: true,
  examples: [
    'vestibule keys rotate signing --reason "yearly"',
    'vestibule keys rotate secrets --reason "somebody left"',
  ],
  async run({ client }, { positionals: [keys = ''], values: { reason } }) {
    if (keys !== 'signing' && keys !== 'secrets')
      throw usageError(`there are no keys '${keys}'`, 'use signing or secrets');
    const body: KeysBody = { action: 'rotate', keys, reason };
    const answer = await client()
      .request('POST', '/manage/keys', { body })
      .catch((error: unknown) => {
        throw withFix(error, ({ status }) => (status === 409 ? localFix : undefined));
      });
    const rotated = bodyOf(rotatedAnswer, answer, 'POST /manage/keys');
    return { json: rotated, text: `${textOf(rotated)}\n${printable(operationOf(rotated))}` };
  },
});

const localFix =
  'start with another VESTIBULE_LOCAL_KEY, as npm start does each time without --keep; what the former one sealed is lost';

type Rotated = z.infer<typeof rotatedAnswer>;

const operationOf = ({ operationId, effectiveBy }: Rotated): string =>
  `known everywhere by ${effectiveBy}, operation ${operationId}`;

const words = {
  published: 'published',
  nextIsWaiting: 'the next one is published already',
  noNewVersion: 'the vault has no newer version: rotate the key there',
  notDue: 'not due',
} as const;

function textOf({ signing = [], secret }: Rotated): string {
  const secrets = secret ? [['secrets', describe('made', secret.id, secret.useFrom)] as const] : [];
  const keys = signing.map(
    ({ alg, result, kid, useFrom }) => [alg, describe(words[result], kid, useFrom)] as const,
  );
  return list([...keys, ...secrets]);
}

const describe = (word: string, id: string | undefined, useFrom: string | undefined): string =>
  [word, id, useFrom && `used from ${useFrom}`].filter(Boolean).join('  ');
