import { securityHeaders, type WebResponse } from './headers.ts';
import { formText, requireQuerySize, type WebRequest } from './request.ts';

/**
 * A form posted by another site comes without our Lax cookies: the browser is sent on with GET,
 * which brings them (OpenID Connect Core §3.1.2.1). No cookie is read or set here. What GET would
 * not take is refused at once: as a `Location` it might not even arrive.
 */
export async function postedAsGet(request: WebRequest, path: string): Promise<WebResponse> {
  const query = new URLSearchParams(await formText(request)).toString();
  requireQuerySize(query);
  return {
    status: 303,
    headers: { ...securityHeaders(), Location: `${path}?${query}` },
    cookies: [],
    body: '',
  };
}
