import { registrationDetailsPage, type UserRegistrationDetails } from '../../shared/api/mfa.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import { bodyOf, type Client } from '../client.ts';
import { defineCommand } from '../command.ts';
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
    const guests = await everyPage(client(), path + query);
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

async function everyPage(client: Client, first: string): Promise<UserRegistrationDetails[]> {
  const guests: UserRegistrationDetails[] = [];
  const seen = new Set<string>();
  for (let link: string | undefined = first; link !== undefined; ) {
    if (seen.has(link))
      throw new CliError('the list does not end: a page leads back to an earlier one', {
        exitCode: exitCodes.unavailable,
        fix: 'try again; if it stays, report it to whoever runs the gateway',
      });
    seen.add(link);
    const answer = await client.request('GET', link);
    const page = bodyOf(registrationDetailsPage, answer, `GET ${path}`);
    guests.push(...page.value);
    link = page['@odata.nextLink'];
  }
  return guests;
}
