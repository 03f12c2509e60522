import { usageError } from './arguments.ts';
import { type Client, type Connection, openClient } from './client.ts';
import type { Environment } from './command.ts';

type Chosen = { readonly issuer?: string | undefined; readonly clientId?: string | undefined };

/** Arguments before the environment; secrets from the environment alone. */
export const connect = (chosen: Chosen, env: Environment): Client =>
  openClient(readConnection(chosen, env));

function readConnection(chosen: Chosen, env: Environment): Connection {
  const issuer = chosen.issuer ?? env['VESTIBULE_ISSUER'];
  if (!issuer)
    throw usageError(
      'which gateway is not known',
      'set VESTIBULE_ISSUER to its address, or give --issuer',
    );
  const token = env['VESTIBULE_TOKEN'];
  const clientSecret = env['VESTIBULE_CLIENT_SECRET'];
  const clientId = chosen.clientId ?? env['VESTIBULE_CLIENT_ID'];
  if (token && (clientSecret || chosen.clientId !== undefined))
    throw usageError(
      'both a token and a client are given',
      'unset VESTIBULE_TOKEN, or unset VESTIBULE_CLIENT_SECRET and leave out --client-id',
    );
  if (token) return { issuer, token };
  if (!clientId)
    throw usageError(
      'no client to sign in as is given',
      'set VESTIBULE_CLIENT_ID and VESTIBULE_CLIENT_SECRET, or set VESTIBULE_TOKEN',
    );
  if (!clientSecret)
    throw usageError(
      `the secret of client ${clientId} is not given`,
      'set VESTIBULE_CLIENT_SECRET to it, or set VESTIBULE_TOKEN',
    );
  return { issuer, clientId, clientSecret };
}
