import { type KeysAnswer, type KeysBody, keysBody } from '../api/keys.ts';
import type { KeyResult } from '../flows/admin/keys.ts';
import type { KeyList } from '../ports.ts';
import { type ReadBody, readBody } from './admin-body.ts';
import type { WebResponse } from './headers.ts';
import { graphError, jsonAnswer } from './json.ts';
import type { WebRequest } from './request.ts';

const maxBytes = 16 * 1024;

export const readKeysBody = (request: WebRequest): Promise<ReadBody<KeysBody>> =>
  readBody(request, keysBody, { maxBytes });

export function keyListAnswer({ signing, secrets }: KeyList): WebResponse {
  const body: KeysAnswer = {
    signing: signing.map((key) => ({
      kid: key.kid,
      alg: key.alg,
      state: key.state,
      kept: key.kept,
      createdAt: key.createdAt.toISOString(),
      useFrom: key.useFrom.toISOString(),
      ...(key.publishedUntil ? { publishedUntil: key.publishedUntil.toISOString() } : {}),
      ...(key.revokedAt ? { revokedAt: key.revokedAt.toISOString() } : {}),
    })),
    secrets: secrets.map(({ id, state, createdAt, useFrom }) => ({
      id,
      state,
      ...(createdAt ? { createdAt: createdAt.toISOString() } : {}),
      ...(useFrom ? { useFrom: useFrom.toISOString() } : {}),
    })),
  };
  return jsonAnswer(200, body);
}

export function keyResultAnswer(result: KeyResult): WebResponse {
  if (result.kind === 'unknownKey')
    return graphError(404, 'Request_ResourceNotFound', 'There is no such signing key.');
  if (result.kind === 'oneSecretHere')
    return graphError(
      409,
      'Conflict',
      'The secrets of the local world hang on VESTIBULE_LOCAL_KEY; there is nothing to rotate.',
    );
  const { operationId } = result;
  const effectiveBy = result.effectiveBy.toISOString();
  switch (result.what) {
    case 'signing': {
      const signing = result.rotations.map(({ useFrom, ...rotation }) => ({
        ...rotation,
        ...(useFrom ? { useFrom: useFrom.toISOString() } : {}),
      }));
      return jsonAnswer(200, { operationId, effectiveBy, signing });
    }
    case 'secret': {
      const { id, useFrom } = result.secret;
      const secret = { id, ...(useFrom ? { useFrom: useFrom.toISOString() } : {}) };
      return jsonAnswer(200, { operationId, effectiveBy, secret });
    }
    case 'revoked': {
      const { kid, alg, current = null } = result.revocation;
      return jsonAnswer(200, { operationId, effectiveBy, kid, alg, current });
    }
  }
}
