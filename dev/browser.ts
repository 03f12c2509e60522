/** The little of a browser that a sign-in without script needs: cookies, redirects, forms. */
export function createBrowser(defaults: Record<string, string> = {}) {
  const jars = new Map<string, Map<string, string>>();

  async function open(url: string, init: RequestInit = {}): Promise<Response> {
    const { hostname } = new URL(url);
    const jar = jars.get(hostname) ?? new Map<string, string>();
    jars.set(hostname, jar);
    const headers = new Headers({ ...defaults, ...(init.headers as Record<string, string>) });
    if (jar.size > 0) headers.set('cookie', [...jar].map((pair) => pair.join('=')).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** Follows redirects until a page, or until an address that `stop` knows. */
  async function follow(
    url: string,
    init: RequestInit = {},
    stop: (url: URL) => boolean = () => false,
  ): Promise<{ url: URL; response?: Response }> {
    let at = new URL(url);
    let next: RequestInit = init;
    for (let hops = 0; hops < 20; hops++) {
      if (stop(at)) return { url: at };
      const response = await open(at.href, next);
      const location = response.headers.get('location');
      if (location === null) return { url: at, response };
      at = new URL(location, at);
      next = {};
    }
    throw new Error('too many redirects');
  }

  return { open, follow };
}

/** The first form of a page with its hidden fields. */
export function formOf(page: string): { action: string; fields: URLSearchParams } {
  const [form = ''] = /<form .*?<\/form>/s.exec(page) ?? [];
  const action = /^<form [^>]*action="([^"]*)"/.exec(form)?.[1] ?? '';
  const hidden = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  const fields = new URLSearchParams();
  for (const [, name = '', value = ''] of hidden) fields.append(name, plain(value));
  return { action: plain(action), fields };
}

function plain(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
