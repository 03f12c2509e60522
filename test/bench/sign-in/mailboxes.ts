/** Mailed codes until somebody reads them: each is read once, by whoever waits for it. */
export type MailedCode = { readonly to: string; readonly code: string };

export function openMailboxes() {
  const codes = new Map<string, PromiseWithResolvers<string>>();
  const mailboxOf = (to: string) => {
    const mailbox = codes.get(to) ?? Promise.withResolvers<string>();
    codes.set(to, mailbox);
    return mailbox;
  };
  return {
    put: ({ to, code }: MailedCode): void => mailboxOf(to).resolve(code),
    async take(to: string): Promise<string> {
      const code = await mailboxOf(to).promise;
      codes.delete(to);
      return code;
    },
  };
}

export type Mailboxes = ReturnType<typeof openMailboxes>;
