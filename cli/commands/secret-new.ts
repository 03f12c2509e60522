import { createHash, randomBytes } from 'node:crypto';
import { defineCommand } from '../command.ts';
import { list } from '../text.ts';

export const secretNew = defineCommand({
  name: 'secret new',
  summary: `Make a client secret and its hash. Nothing is sent or stored.
The secret goes to the app, the hash to clientSecretHashes in apps/*.json.`,
  arguments: [],
  options: {},
  connects: false,
  examples: ['vestibule secret new', 'vestibule secret new --json | jq -r ".hash"'],
  async run() {
    const secret = randomBytes(32).toString('base64url');
    const hash = `sha256:${createHash('sha256').update(secret, 'utf8').digest('base64url')}`;
    return {
      json: { secret, hash },
      text: list([
        ['secret', secret],
        ['hash', hash],
      ]),
    };
  },
});
