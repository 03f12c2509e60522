import type { Pointer } from '../../rows/configuration/parts.ts';
import { settings } from '../../rows/configuration/settings.ts';
import type { House } from '../house.ts';
import type { Parts } from './configuration.ts';
import type { FileFault } from './folder.ts';

/** What keeps the mailed passcode shut although the settings open it. */
export function mailDoorWarnings(house: House, next: Pointer, parts: Parts): readonly FileFault[] {
  const [stored] = parts.settings;
  if (!stored || !settings.parse(stored.value).passcode.enabled) return [];
  const { file } = stored;
  const noMail = {
    file,
    pointer: '/passcode/enabled',
    message: 'no mail service is configured: nobody can come in by a mailed code',
  };
  return [
    ...(house.mail ? [] : [noMail]),
    ...next.reservedDomains.map((domain) => ({
      file,
      pointer: '/passcode/releasedDomains',
      message: `${domain} was a partner's: its people get no code until it is listed here`,
    })),
  ];
}
