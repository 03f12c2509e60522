import { type KeysBody, revokedAnswer } from '../../shared/api/keys.ts';
import { usageError } from '../arguments.ts';
import { withFix } from '../cli-error.ts';
import { bodyOf } from '../client.ts';
import { defineCommand } from '../command.ts';
import { printable } from '../text.ts';

export const keysRevoke = defineCommand({
  name: 'keys revoke',
  summary: `Emergency: take a signing key out of the published set, at once and for good.
Every token that it signed is refused here; apps refuse them when they read the set again.`,
  arguments: ['<kid>'],
  options: {
    reason: { type: 'string', value: 'why', required: true, help: 'kept in the audit log' },
  },
  connects: true,
  examples: [
    'vestibule keys revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --reason "ticket 4711"',
  ],
  async run({ client }, { positionals: [kid = ''], values: { reason } }) {
    if (!/^[A-Za-z0-9_-]{43}$/.test(kid))
      throw usageError(
        'that is no id of a signing key',
        'it has 43 characters: `vestibule keys list` shows them; one that begins with a dash goes behind --',
      );
    const body: KeysBody = { action: 'revoke', kid, reason };
    const answer = await client()
      .request('POST', '/manage/keys', { body })
      .catch((error: unknown) => {
        throw withFix(error, ({ status }) =>
          status === 404 ? '`vestibule keys list` shows the keys there are' : undefined,
        );
      });
    const revoked = bodyOf(revokedAnswer, answer, 'POST /manage/keys');
    const { alg, current, operationId, effectiveBy } = revoked;
    return {
      json: revoked,
      text: [
        `revoked: ${revoked.kid} (${alg})`,
        `  signs now   ${current ?? `nothing: rotate signing-${alg.toLowerCase()} in the vault, then vestibule keys rotate signing`}`,
        `  everywhere  by ${effectiveBy}`,
        `  operation   ${operationId}`,
      ]
        .map(printable)
        .join('\n'),
    };
  },
});
