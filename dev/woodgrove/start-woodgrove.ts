import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as oidc from 'openid-client';
import { closeServers, listen } from '../listen.ts';
import { readForm, redirect } from '../page.ts';
import { sendErrorPage, sendFrontPage, sendSignedInPage } from './pages.ts';
import { type Clients, createSignIns, type SignedIn } from './sign-ins.ts';

export type WoodgroveOptions = {
  /** 0 takes a free port. */
  port: number;
  issuer: string;
  /** By the name that `/signin?client=` takes. */
  clients: Clients;
};

/** What `Accept: application/json` gets instead of the page. */
export type WoodgroveAnswer =
  | { signedIn: true; client: string; claims: oidc.IDToken; userinfo: unknown; tokens: unknown }
  | { signedIn: false; error: string; description: string };

const cookieName = 'woodgrove';
const nobody = { signedIn: false, error: 'nobody', description: 'nobody is signed in' } as const;

/**
 * The demo app. `/signin?client=…` takes parameters of the authorization request too
 * (`response_mode`, `prompt`, `max_age`, `login_hint`, …).
 */
export async function startWoodgrove({ port: wanted, issuer, clients }: WoodgroveOptions) {
  let handle = (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(503).end();
  };
  const { port, servers } = await listen((request, response) => handle(request, response), {
    port: wanted,
    addresses: ['::1'],
  });
  const url = `http://[::1]:${port}`;
  const redirectUri = `${url}/callback`;
  const signIns = createSignIns({ issuer, clients, redirectUri });
  const sessions = new Map<string, SignedIn>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(request.url ?? '/', url);
    const cookie = sessionCookie(request);
    const session = sessions.get(cookie);
    switch (`${request.method} ${target.pathname}`) {
      case 'GET /':
        if (session) answer(request, response, session);
        else if (wantsJson(request)) sendJson(response, 200, nobody);
        else sendFrontPage(response, clients);
        return;
      case 'GET /signin': {
        const client = target.searchParams.get('client') ?? Object.keys(clients)[0] ?? '';
        redirect(response, await signIns.begin(client, target.searchParams));
        return;
      }
      case 'GET /callback':
      case 'POST /callback': {
        const form = request.method === 'POST' ? await readForm(request) : undefined;
        const state = (form ?? target.searchParams).get('state') ?? '';
        const asRequest = new Request(target, form ? { method: 'POST', body: form } : undefined);
        const signedIn = await signIns.finish(asRequest, state);
        sessions.delete(cookie);
        const fresh = randomUUID();
        sessions.set(fresh, signedIn);
        response.setHeader('set-cookie', `${cookieName}=${fresh}; Path=/; HttpOnly; SameSite=Lax`);
        if (wantsJson(request)) answer(request, response, signedIn);
        else redirect(response, '/');
        return;
      }
      case 'POST /refresh': {
        if (!session) throw new Error('you are not signed in');
        const refreshed = await signIns.refresh(session);
        sessions.set(cookie, refreshed);
        answer(request, response, refreshed);
        return;
      }
      case 'POST /logout': {
        sessions.delete(cookie);
        const next = session && (await signIns.logoutUrl(session, `${url}/`));
        redirect(response, next ?? '/');
        return;
      }
      default:
        response.writeHead(404).end();
    }
  }

  function answer(request: IncomingMessage, response: ServerResponse, signedIn: SignedIn): void {
    if (!wantsJson(request)) {
      sendSignedInPage(response, signedIn, clients);
      return;
    }
    sendJson(response, 200, { signedIn: true, ...signedIn });
  }

  handle = (request, response) => {
    serve(request, response).catch((error: unknown) => {
      const fault = faultOf(error);
      if (wantsJson(request)) sendJson(response, 400, { signedIn: false, ...fault });
      else sendErrorPage(response, fault, clients);
    });
  };

  const close = () => closeServers(servers);
  return { url, redirectUris: [redirectUri], close, [Symbol.asyncDispose]: close };
}

/** The gateway's own words where it sent some, else openid-client's complaint. */
function faultOf(error: unknown): { error: string; description: string } {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    return { error: error.error, description: error.error_description ?? 'no description' };
  }
  if (!(error instanceof Error)) return { error: 'unknown', description: String(error) };
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return { error: error.name, description: `${error.message}${cause}` };
}

function wantsJson(request: IncomingMessage): boolean {
  return request.headers.accept?.includes('application/json') ?? false;
}

function sendJson(response: ServerResponse, status: number, body: WoodgroveAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function sessionCookie(request: IncomingMessage): string {
  const found = request.headers.cookie?.split('; ').find((c) => c.startsWith(`${cookieName}=`));
  return found?.slice(cookieName.length + 1) ?? '';
}
