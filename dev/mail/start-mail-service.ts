import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { closeServers, listen } from '../listen.ts';
import { createAcsEndpoint, type MailFaultRule } from './acs-endpoint.ts';
import { type DeliveredMail, mailsTo } from './delivered-mail.ts';
import { serveMailbox } from './mailbox-pages.ts';
import type { SendingLimits } from './sending-limits.ts';

export type MailServiceOptions = {
  /** 0 takes a free port. */
  port: number;
  limits?: SendingLimits;
  clock?: () => Date;
  log?: (line: string) => void;
};

/**
 * Stands in for Azure Communication Services' e-mail: the real SDK sends to it, and what arrives lies
 * in mailboxes for people (`/`) and scripts (`/api/mails`).
 */
export async function startMailService(options: MailServiceOptions) {
  const { clock = () => new Date(), log = console.log } = options;
  const accessKey = randomBytes(32).toString('base64');
  const mails: DeliveredMail[] = [];
  const arrivals = new EventEmitter();
  let lastId = 0;

  const endpoint = createAcsEndpoint({
    accessKey,
    clock,
    ...(options.limits ? { limits: options.limits } : {}),
    deliver(operationId, { senderAddress, recipients, content }) {
      mails.push({
        id: String(++lastId),
        operationId,
        to: recipients.to[0].address,
        from: senderAddress,
        ...content,
        receivedAt: clock(),
      });
      arrivals.emit('mail');
    },
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    if (url.pathname.startsWith('/emails')) await endpoint.serve(request, response, url);
    else serveMailbox(request, response, url, mails);
  }

  const { port, servers } = await listen(
    (request, response) => {
      serve(request, response).catch((error: Error) => {
        log(`the mail service failed: ${error.stack}`);
        response.destroy();
      });
    },
    { port: options.port, addresses: ['127.0.0.1'] },
  );
  const url = `http://127.0.0.1:${port}`;
  const close = () => closeServers(servers);

  return {
    url,
    connectionString: `endpoint=${url}/;accesskey=${accessKey}`,
    requests: endpoint.requests,
    /** Delivered, the oldest first. */
    mails: mails as readonly DeliveredMail[],
    mailsTo: (address: string) => mailsTo(mails, address),
    /** The first mail to this address, or the first one that came later than `after`. */
    async waitForMail(
      address: string,
      { after, timeoutMs = 5_000 }: { after?: DeliveredMail; timeoutMs?: number } = {},
    ): Promise<DeliveredMail> {
      const signal = AbortSignal.timeout(timeoutMs);
      for (;;) {
        const later = mails.slice(mails.findIndex(({ id }) => id === after?.id) + 1);
        const [found] = mailsTo(later, address);
        if (found) return found;
        await once(arrivals, 'mail', { signal }).catch((cause: unknown) => {
          throw new Error(`no mail to ${address} within ${timeoutMs} ms`, { cause });
        });
      }
    },
    rule: (next: MailFaultRule | undefined): void => endpoint.rule(next),
    /** Empties the mailboxes and `requests`; operation ids stay used. */
    clear(): void {
      mails.length = 0;
      endpoint.clear();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
