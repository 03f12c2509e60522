import { evaluateBody } from '../api/evaluate.ts';
import type { JsonObject } from '../core/json.ts';
import type { evaluate } from '../flows/admin/evaluate.ts';
import { ambiguousGuest, badRequest, readBody } from './admin-body.ts';
import type { WebResponse } from './headers.ts';
import { jsonAnswer } from './json.ts';
import type { WebRequest } from './request.ts';

const maxBytes = 64 * 1024;

export const readEvaluateBody = (request: WebRequest) =>
  readBody(request, evaluateBody, { maxBytes });

/** Graph's collection of `whatIfAnalysisResult`, with what Graph does not say as annotations. */
export function evaluateAnswer(
  issuer: string,
  evaluated: Awaited<ReturnType<typeof evaluate>>,
): WebResponse {
  if (evaluated.kind === 'unknownGuest')
    return badRequest([{ target: '/signInIdentity/userId', message: 'there is no such guest' }]);
  if (evaluated.kind === 'ambiguousGuest') return ambiguousGuest();
  const { value, decision, missing } = evaluated.answer;
  return jsonAnswer(200, {
    '@odata.context': `${issuer}/v1.0/$metadata#Collection(microsoft.graph.whatIfAnalysisResult)`,
    '@vestibule.decision': decision as unknown as JsonObject,
    '@vestibule.missing': missing,
    '@vestibule.setVersion': evaluated.setVersion,
    value: value as unknown as readonly JsonObject[],
  });
}
