import type { Answer, Frame, MessageKey } from '../answers.ts';

const statuses: Readonly<Record<MessageKey, number>> = {
  unknownClient: 400,
  redirectUriMismatch: 400,
  requestInvalid: 400,
  startAtApp: 400,
  signInOver: 400,
  otherBrowser: 400,
  alreadySignedIn: 200,
  signedOut: 200,
  crossSite: 403,
  tooLarge: 413,
  tooManyRequests: 429,
  notFound: 404,
  temporarilyUnavailable: 503,
  unexpected: 500,
};

export const message = (
  key: MessageKey,
  more: { readonly frame?: Frame; readonly parameter?: string; readonly reference?: string } = {},
): Answer => ({
  kind: 'page',
  page: 'message',
  status: statuses[key],
  message: key,
  ...(key === 'temporarilyUnavailable' ? { retryAfterSeconds: 30 } : {}),
  ...more,
});
