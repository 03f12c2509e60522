import { securityHeaders, type WebResponse } from './headers.ts';
import { formText, type WebRequest } from './request.ts';

/**
 * A form posted by another site comes without our Lax cookies: the browser is sent on with GET,
 * which brings them (OpenID Connect Core §3.1.2.1). No cookie is read or set here.
 */
export async function postedAsGet(request: WebRequest, path: string): Promise<WebResponse> {
  const query = await formText(request);
  return {
    status: 303,
    headers: { ...securityHeaders(), Location: `${path}?${new URLSearchParams(query).toString()}` },
    cookies: [],
    body: '',
  };
}
