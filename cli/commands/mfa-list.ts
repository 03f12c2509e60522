import { userRegistrationDetails } from '../../shared/api/mfa.ts';
import { defineCommand } from '../command.ts';
import { readPages } from '../pages.ts';
import { counted, table } from '../text.ts';

const path = '/v1.0/reports/authenticationMethods/userRegistrationDetails';

export const mfaList = defineCommand({
  name: 'mfa list',
  summary: 'List guests and the second factors they have registered.',
  arguments: [],
  options: {
    filter: {
      type: 'string',
      value: 'registered|unregistered',
      choices: ['registered', 'unregistered'],
      help: 'only guests with, or without, a second factor',
    },
  },
  connects: true,
  examples: [
    'vestibule mfa list',
    'vestibule mfa list --filter unregistered',
    'vestibule mfa list --json | jq -r ".value[].userPrincipalName"',
  ],
  async run({ client, paint }, { values: { filter } }) {
    const query =
      filter === undefined ? '' : `?$filter=isMfaRegistered%20eq%20${filter === 'registered'}`;
    const { items: guests } = await readPages(client(), path + query, userRegistrationDetails);
    const registered = guests.filter(({ isMfaRegistered }) => isMfaRegistered).length;
    const rows = guests.map((guest) => [
      guest.userPrincipalName,
      guest.userDisplayName,
      guest.isMfaRegistered ? 'yes' : 'no',
      guest.methodsRegistered.join(', '),
      guest.lastUpdatedDateTime,
    ]);
    const count = `${counted(guests.length, 'guest')}, ${registered} with a second factor`;
    return {
      json: { value: guests },
      text:
        guests.length === 0
          ? 'no guests'
          : `${table(paint, ['USER PRINCIPAL NAME', 'NAME', 'MFA', 'METHODS', 'CHANGED'], rows)}\n\n${count}`,
    };
  },
});
