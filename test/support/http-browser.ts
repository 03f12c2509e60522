import type { Got, Send, Sent } from './http-send.ts';

const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Vestibule-Test/1';

/** A browser without script: cookies by host name, redirects followed until `stop` or a page. */
export function createHttpBrowser(send: Send, defaults: Readonly<Record<string, string>> = {}) {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: string): Map<string, string> => {
    const { hostname } = new URL(url);
    const jar = jars.get(hostname) ?? new Map<string, string>();
    jars.set(hostname, jar);
    return jar;
  };

  async function open(url: string, sent: Sent = {}): Promise<Got> {
    const jar = jarOf(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const got = await send(url, {
      ...sent,
      headers: {
        'user-agent': agent,
        ...defaults,
        ...(cookie === '' ? {} : { cookie }),
        ...sent.headers,
      },
    });
    for (const line of got.setCookies) keepCookie(jar, line);
    return got;
  }

  async function follow(
    url: string,
    sent: Sent = {},
    stop: (url: URL) => boolean = () => false,
  ): Promise<{ readonly url: string; readonly got: Got | undefined }> {
    let at = url;
    let next = sent;
    for (let hops = 0; hops < 20; hops++) {
      if (stop(new URL(at))) return { url: at, got: undefined };
      const got = await open(at, next);
      if (got.location === undefined) return { url: at, got };
      at = got.location;
      next = {};
    }
    throw new Error('too many redirects');
  }

  return {
    open,
    follow,
    /** As if it had ended. */
    dropCookie: (url: string, name: string): void => {
      jarOf(url).delete(name);
    },
    cookies: (url: string): ReadonlyMap<string, string> => jarOf(url),
    setCookie: (url: string, name: string, value: string): void => {
      jarOf(url).set(name, value);
    },
  };
}

export type HttpBrowser = ReturnType<typeof createHttpBrowser>;

function keepCookie(jar: Map<string, string>, line: string): void {
  const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
  if (value === '' || /max-age=0(;|$)|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
  else jar.set(name, value);
}
