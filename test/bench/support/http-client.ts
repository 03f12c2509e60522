import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A small browser over kept connections: cheaper than fetch, so that the server is what is measured. */
export type Answered = { readonly status: number; readonly location: URL; readonly body: string };

export type Browser = {
  get(url: URL): Promise<Answered>;
  post(url: URL, form: URLSearchParams, headers?: Record<string, string>): Promise<Answered>;
};

export function openConnections(count: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  return {
    /** From one of this machine's own addresses, where it matters who asks: all of 127/8 are. */
    browser: (from?: string) => createBrowser(agent, from),
    close: () => agent.destroy(),
  };
}

const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Vestibule-Bench/1';

/** One person's: cookies are kept for one sign-in. */
function createBrowser(agent: Agent, from: string | undefined): Browser {
  const jar = new Map<string, string>();

  async function send(
    url: URL,
    method: string,
    more: Record<string, string>,
    body?: string,
  ): Promise<Answered> {
    const headers: Record<string, string> = { 'user-agent': userAgent, ...more };
    if (jar.size > 0) headers['cookie'] = [...jar].map((pair) => pair.join('=')).join('; ');
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { method, headers, agent, localAddress: from }, resolve)
        .on('error', reject)
        .end(body);
    });
    for (const line of response.headers['set-cookie'] ?? []) keep(line);
    return {
      status: response.statusCode ?? 0,
      location: new URL(response.headers.location ?? url, url),
      body: await text(response),
    };
  }

  function keep(line: string): void {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
    if (value === '') jar.delete(name);
    else jar.set(name, value);
  }

  return {
    get: (url) => send(url, 'GET', {}),
    post: (url, form, more = {}) => {
      const body = form.toString();
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
      };
      return send(url, 'POST', { ...headers, ...more }, body);
    },
  };
}
