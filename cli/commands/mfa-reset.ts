import { randomUUID } from 'node:crypto';
import { type MfaResetBody, mfaResetAnswer } from '../../shared/api/mfa.ts';
import { usageError } from '../arguments.ts';
import { type CliError, exitCodes, withFix } from '../cli-error.ts';
import { bodyOf } from '../client.ts';
import { defineCommand } from '../command.ts';
import { printable } from '../text.ts';

export const mfaReset = defineCommand({
  name: 'mfa reset',
  summary: `Remove a guest's second factors and end every session: the next sign-in proofs up again.
The guest is named by object id, by user principal name (with #EXT#) or by mail address.`,
  arguments: ['<upn|id|mail>'],
  options: {
    reason: {
      type: 'string',
      value: 'why',
      required: true,
      help: 'kept in the audit log',
    },
    by: {
      type: 'string',
      value: 'upn|id|mail',
      choices: ['upn', 'id', 'mail'],
      help: 'what the name is, where it does not show',
    },
    method: {
      type: 'string',
      value: 'softwareOath',
      choices: ['softwareOath'],
      help: 'only this method; default: all of them',
    },
    'proof-up': {
      type: 'string',
      value: 'firstFactor|accessPass',
      choices: ['firstFactor', 'accessPass'],
      help: "how the guest registers again; default: the gateway's setting",
    },
    'idempotency-key': {
      type: 'string',
      value: 'KEY',
      help: 'the same key again repeats the answer, not the reset; default: a new one',
    },
  },
  connects: true,
  examples: [
    'vestibule mfa reset "alex_contoso.com#EXT#@host.example" --reason "new phone"',
    'vestibule mfa reset alex@contoso.com --reason "phone lost, ticket 4711"',
    'vestibule mfa reset alex@host.example --by upn --reason "new phone"',
  ],
  async run({ client }, { positionals: [name = ''], values }) {
    const { method, 'proof-up': proofUp } = values;
    const body = {
      ...nameOf(name.trim(), values.by),
      reason: values.reason,
      ...(method === undefined ? {} : { methods: [method] }),
      ...(proofUp === undefined ? {} : { proofUp }),
    } as MfaResetBody;
    const key = values['idempotency-key'] ?? randomUUID();
    if (!/^[\x21-\x7e]{1,128}$/.test(key))
      throw usageError('--idempotency-key has blanks or is too long', 'use a UUID');
    const headers = { 'Idempotency-Key': key };
    const answer = await client()
      .request('POST', '/manage/mfa-reset', { body, headers })
      .catch((error: unknown) => {
        throw withFix(error, (refused) => fixOf(refused, key));
      });
    const reset = bodyOf(mfaResetAnswer, answer, 'POST /manage/mfa-reset');
    const { user, methodsRemoved, sessionsRevoked } = reset;
    return {
      json: reset,
      text: [
        printable(`reset: ${user.displayName} (${user.userPrincipalName})`),
        printable(`  methods removed   ${methodsRemoved.join(', ') || 'none were registered'}`),
        `  sessions ended    ${sessionsRevoked}`,
        printable(`  operation         ${reset.operationId}`),
      ].join('\n'),
    };
  },
});

type Name = Pick<MfaResetBody, 'id' | 'userPrincipalName' | 'mail'>;

/** Guests are invited as `…#EXT#@…`; without it an address is taken for their mail. */
function nameOf(text: string, by: string | undefined): Name {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  switch (by ?? (isId ? 'id' : /#EXT#/i.test(text) ? 'upn' : 'mail')) {
    case 'id':
      return { id: text };
    case 'upn':
      return { userPrincipalName: text };
    default:
      if (text.includes('@')) return { mail: text };
      throw usageError(
        `'${text}' is no name of a guest`,
        'give the object id, the user principal name or the mail address: `vestibule mfa list` shows them',
      );
  }
}

function fixOf({ exitCode, status, fix }: CliError, key: string): string | undefined {
  if (status === 404)
    return '`vestibule mfa list` shows the names; --by upn if this is a user principal name without #EXT#';
  if (status === 409) return 'use a new --idempotency-key';
  // The answer is lost, and the reset may have happened: the key makes asking again safe.
  if (exitCode === exitCodes.unavailable)
    return `${fix ?? ''}, then run the same again with --idempotency-key ${key}`;
  return undefined;
}
