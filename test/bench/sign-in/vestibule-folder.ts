import { resolve } from 'node:path';
import { readFolder } from '../../../cli/folder.ts';
import { type Door, guestCount, guestId, mailOf, subjectOf } from './people.ts';
import { clientId, redirectUri } from './protocol.ts';

const folder = resolve(import.meta.dirname, '../../../examples/fabrikam');
const mfaPolicy = 'policies/ca001-guests-mfa.json';

/** The example organisation with the bench's app and guests; its MFA policy may be left out. */
export async function benchFolder(door: Door, mfa: boolean): Promise<Record<string, string>> {
  const files = await readFolder(folder, { CONTOSO_CLIENT_SECRET: 'a-secret-of-the-bench' });
  for (const file of Object.keys(files)) if (file.startsWith('guests/')) delete files[file];
  if (!mfa) delete files[mfaPolicy];
  files['apps/bench.json'] = JSON.stringify({
    appId: clientId,
    displayName: 'Bench',
    clientType: 'public',
    redirectUris: [redirectUri],
  });
  // answered when the work is done, and as many mails as there are guests
  const settings = JSON.parse(files['settings.json'] ?? '{}') as Record<string, unknown>;
  const passcode = { enabled: true, answerMilliseconds: 0, mailsPerDay: 1_000_000 };
  files['settings.json'] = JSON.stringify({ ...settings, passcode });
  for (let index = 0; index < guestCount; index++) {
    const mail = mailOf(door, index);
    files[`guests/bench-${index}.json`] = JSON.stringify({
      id: guestId(index),
      userPrincipalName: `guest-${index}_contoso.example#EXT#@fabrikam.onmicrosoft.example`,
      displayName: `Guest ${index}`,
      mail,
      identities: [
        door === 'home'
          ? { partner: 'contoso', subject: subjectOf(index) }
          : { partner: 'mail', subject: mail },
      ],
    });
  }
  return files;
}
