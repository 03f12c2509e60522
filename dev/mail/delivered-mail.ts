export type DeliveredMail = {
  readonly id: string;
  readonly operationId: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly plainText: string;
  readonly html: string;
  readonly receivedAt: Date;
};

/** Mailboxes are compared as providers do, in any case of letters. */
export function mailsTo(mails: readonly DeliveredMail[], address: string) {
  return mails.filter(({ to }) => to.toLowerCase() === address.toLowerCase());
}
