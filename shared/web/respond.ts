import { Fault } from '../core/errors.ts';
import type { Answer, AuthorizationResponse, GoHome, PageAnswer } from '../flows/answers.ts';
import { writeCookie } from './cookies.ts';
import { copyOf, type Language, pickLanguage } from './copy/index.ts';
import { pagePolicy, securityHeaders, type WebResponse } from './headers.ts';
import { leavingFor, withParameters } from './links.ts';
import { formPostPage, submitScript } from './pages/form-post.ts';
import { goOnPage } from './pages/go-on.ts';
import { layOut, type Page, type PageContext } from './pages/layout.ts';
import { pageOf } from './pages/page-of.ts';

/** What an answer's form depends on beside the answer. */
export type Asked = {
  readonly method: string;
  /** The request's header, as it came. */
  readonly acceptLanguage: string | null;
  readonly now: Date;
};

/** A flow's answer as HTTP. Throws `unexpected` for what must never leave (a harmful target). */
export function respond(answer: Answer, asked: Asked): WebResponse {
  const response = responseTo(answer, asked);
  response.cookies = (answer.cookies ?? []).map((cookie) => writeCookie(cookie, asked.now));
  if (asked.method.toUpperCase() === 'HEAD') response.body = '';
  return response;
}

function responseTo(answer: Answer, asked: Asked): WebResponse {
  switch (answer.kind) {
    case 'page':
      return pageResponse(answer, asked);
    case 'goHome':
      return goOn(answer.frame, leavingFor(answer.url), answer.name, asked);
    case 'authorizationResponse':
      return authorizationResponse(answer, asked);
  }
}

function pageResponse(answer: PageAnswer, asked: Asked): WebResponse {
  const context = contextOf(answer.frame, asked);
  const status = 'status' in answer ? answer.status : 200;
  // with `no-referrer` browsers send `Origin: null`, which would defeat the check of our own forms
  const hasForm = 'fields' in answer || 'step' in answer;
  const response = send(status, pageOf(answer, context), context, {
    formAction: "'self'",
    referrerPolicy: hasForm ? 'same-origin' : 'no-referrer',
  });
  if (answer.page === 'message' && answer.retryAfterSeconds !== undefined) {
    response.headers['Retry-After'] = String(answer.retryAfterSeconds);
  }
  return response;
}

function authorizationResponse(answer: AuthorizationResponse, asked: Asked): WebResponse {
  // INVARIANT: every authorization response names its issuer (RFC 9207 §2)
  if (!answer.parameters['iss']) throw new Fault('unexpected', { detail: 'iss' });
  const redirectUri = leavingFor(answer.redirectUri);
  const name = answer.frame.app?.name;
  if (answer.responseMode === 'query') {
    return goOn(answer.frame, withParameters(redirectUri, answer.parameters), name, asked);
  }
  const context = contextOf(answer.frame, asked);
  return send(200, formPostPage(redirectUri, answer.parameters, name, context), context, {
    script: submitScript,
    formAction: undefined,
    referrerPolicy: 'no-referrer',
  });
}

/**
 * To another origin: after a POST by a page, since `form-action` would stop a redirect there; else
 * by 303, which never carries a body along.
 */
function goOn(
  frame: GoHome['frame'],
  target: string,
  name: string | undefined,
  asked: Asked,
): WebResponse {
  if (asked.method.toUpperCase() !== 'POST') {
    return {
      status: 303,
      headers: { ...securityHeaders(), Location: target },
      cookies: [],
      body: '',
    };
  }
  const context = contextOf(frame, asked);
  return send(200, goOnPage(target, name, context), context, {
    formAction: "'none'",
    referrerPolicy: 'no-referrer',
  });
}

function contextOf(frame: PageContext['frame'], asked: Asked): PageContext {
  const language: Language = pickLanguage(frame?.uiLocales, asked.acceptLanguage);
  return { frame, language, copy: copyOf(language) };
}

function send(
  status: number,
  page: Page,
  context: PageContext,
  options: {
    readonly script?: string;
    readonly formAction: "'self'" | "'none'" | undefined;
    readonly referrerPolicy: 'same-origin' | 'no-referrer';
  },
): WebResponse {
  const { markup, style } = layOut(page, context);
  return {
    status,
    headers: {
      ...securityHeaders({
        contentSecurityPolicy: pagePolicy({ style, ...options }),
        referrerPolicy: options.referrerPolicy,
      }),
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': context.language,
    },
    cookies: [],
    body: markup,
  };
}
