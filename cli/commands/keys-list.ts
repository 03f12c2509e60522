import { keysAnswer } from '../../shared/api/keys.ts';
import { bodyOf } from '../client.ts';
import { defineCommand } from '../command.ts';
import { table } from '../text.ts';

export const keysList = defineCommand({
  name: 'keys list',
  summary: `List signing keys with their states, and the keys that everything else is derived from.
No private key or secret is shown: nobody can see one.`,
  arguments: [],
  options: {},
  connects: true,
  examples: ['vestibule keys list', "vestibule keys list --json | jq -r '.signing[].kid'"],
  async run({ client, paint }) {
    const answer = await client().request('GET', '/manage/keys');
    const keys = bodyOf(keysAnswer, answer, 'GET /manage/keys');
    const signing = keys.signing.map((key) => [
      key.kid,
      key.alg,
      key.state,
      key.kept,
      key.useFrom,
      key.revokedAt ?? key.publishedUntil ?? '',
    ]);
    const secrets = keys.secrets.map(({ id, state, useFrom = '' }) => [id, state, useFrom]);
    const headings = ['SIGNING KEY', 'ALG', 'STATE', 'KEPT', 'USED FROM', 'PUBLISHED UNTIL'];
    return {
      json: keys,
      text: [
        keys.signing.length === 0 ? 'no signing keys' : table(paint, headings, signing),
        keys.secrets.length === 0
          ? 'no secret keys'
          : table(paint, ['SECRET', 'STATE', 'USED FROM'], secrets),
      ].join('\n\n'),
    };
  },
});
