/** Local part as typed, domain in ASCII and lower case. */
export type MailAddress = { readonly address: string; readonly domain: string };

/**
 * The mailbox as it is looked up, mailed to and proven: all lower case, so that spellings of one are
 * one, and a code never goes to another mailbox than the one that was written down for a guest.
 */
export const mailboxOf = ({ address }: MailAddress): string => address.toLowerCase();

/** What limits count by: `u+tag@x` fills the same mailbox as `u@x`. */
export const baseMailboxOf = (mailbox: string): string =>
  mailbox.replace(/^([^+@]+)\+[^@]*@/, '$1@');

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const asciiDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * One plain addr-spec (RFC 5322 §3.4.1 without quoted strings, comments and obsolete forms, ASCII
 * local part, 254 characters); anything else is refused. A domain of other letters is read by IDNA,
 * so that a look-alike is another domain, not the partner's.
 */
export function readMailAddress(text: string): MailAddress | undefined {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, at);
  const domain = asciiDomainOf(trimmed.slice(at + 1));
  if (at < 1 || local.length > 64 || !localPart.test(local)) return undefined;
  if (domain.length > 253 || !asciiDomain.test(domain)) return undefined;
  const address = `${local}@${domain}`;
  return address.length > 254 ? undefined : { address, domain };
}

/** As a URL's host is read (IDNA, UTS 46); empty where it is none or holds what no domain may. */
function asciiDomainOf(text: string): string {
  const url = `http://${text}/`;
  if (!/^[^\s/\\?#@:%[\]]+$/u.test(text) || !URL.canParse(url)) return '';
  return new URL(url).hostname;
}
