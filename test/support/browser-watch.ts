import type { BrowserContext, ConsoleMessage, Request, Response } from 'playwright-core';
import type { World } from '../../dev/world.ts';

/**
 * Looks over everything a browser does: what no page may cause is a fault, whichever test it
 * happens in.
 */
export type Watch = {
  readonly faults: string[];
  /** Authorization answers that arrived at the app, each with its parameters. */
  readonly answers: URLSearchParams[];
  /** Requests of documents in their order, `POST /signin` and their like. */
  readonly documents: { readonly what: string; readonly url: string; readonly status: number }[];
};

/** What stands on every answer of the gateway that a browser gets to see. */
const required: readonly (readonly [header: string, value: RegExp])[] = [
  [
    'content-security-policy',
    /^default-src 'none';.* frame-ancestors 'none'; base-uri 'none'$|^default-src 'none'; form-action 'none'/,
  ],
  ['referrer-policy', /^(same-origin|no-referrer)$/],
  ['strict-transport-security', /^max-age=31536000; includeSubDomains$/],
  ['x-content-type-options', /^nosniff$/],
  ['x-frame-options', /^DENY$/],
  ['cross-origin-opener-policy', /^same-origin$/],
  ['cross-origin-resource-policy', /^same-origin$/],
  ['permissions-policy', /camera=\(\)/],
  ['cache-control', /^no-store$/],
];

export async function watchContext(
  context: BrowserContext,
  world: Pick<World, 'issuer' | 'app' | 'partner' | 'mailbox'>,
): Promise<Watch> {
  const watch: Watch = { faults: [], answers: [], documents: [] };
  const origins = [world.issuer, world.app, world.partner.issuer, world.mailbox.url];
  const isAnswer = (url: string) => url.startsWith(`${world.app}/callback`);
  const fault = (text: string) => void watch.faults.push(text);

  await context.addInitScript(
    `addEventListener('securitypolicyviolation', (e) => console.error('policy violated: ' + e.violatedDirective + ' ' + e.blockedURI))`,
  );

  context.on('request', (request: Request) => {
    const url = request.url();
    if (/^(data|about|blob):/.test(url)) return;
    if (!origins.includes(new URL(url).origin)) fault(`a request left for ${url}`);
    if (/[?&](id_token|access_token|refresh_token)=/.test(url)) fault(`a token stands in ${url}`);
    if (!isAnswer(url)) return;
    const parameters =
      request.method() === 'POST'
        ? new URLSearchParams(request.postData() ?? '')
        : new URL(url).searchParams;
    watch.answers.push(parameters);
    if (parameters.get('iss') !== world.issuer) fault(`an answer without its issuer: ${url}`);
    const referrer = request.headers()['referer'];
    if (referrer !== undefined) fault(`the app was told where from: ${referrer}`);
  });

  context.on('response', (response: Response) => {
    const request = response.request();
    const url = response.url();
    const status = response.status();
    if (request.isNavigationRequest()) {
      const { pathname } = new URL(url);
      watch.documents.push({ what: `${request.method()} ${pathname}`, url, status });
    }
    if (request.method() === 'POST' && status >= 300 && status < 400 && status !== 303)
      fault(`POST ${url} was answered by ${status}`);
    if (!url.startsWith(`${world.issuer}/`)) return;
    const headers = response.headers();
    for (const [header, value] of required)
      if (!value.test(headers[header] ?? '')) fault(`${url}: ${header} is ${headers[header]}`);
  });

  const isRefusedPage = (message: ConsoleMessage) =>
    message.text().startsWith('Failed to load resource: the server responded with a status of 4') &&
    watch.documents.some(({ url, status }) => status >= 400 && url === message.location().url);
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // a page with status 403 is a page; the tests say which they expect
    if (isRefusedPage(message)) return;
    fault(`console of ${message.page()?.url()}: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => fault(`script failed: ${error.error().message}`));
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // left before it came, as a second click does
    if (why !== 'net::ERR_ABORTED') fault(`${request.method()} ${request.url()} failed: ${why}`);
  });
  return watch;
}
