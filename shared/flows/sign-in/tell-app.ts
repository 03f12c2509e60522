import type { Answer, Frame } from '../answers.ts';
import type { House } from '../house.ts';

/** RFC 6749 §4.1.2.1, with `iss` (RFC 9207 §2). */
export function tellApp(
  house: House,
  to: {
    readonly redirectUri: string;
    readonly responseMode: 'query' | 'form_post';
    readonly state?: string | undefined;
  },
  error: string,
  description: string,
  frame: Frame,
): Answer {
  return {
    kind: 'authorizationResponse',
    frame,
    redirectUri: to.redirectUri,
    responseMode: to.responseMode,
    parameters: {
      error,
      error_description: description,
      ...(to.state === undefined ? {} : { state: to.state }),
      iss: house.issuer,
    },
  };
}
