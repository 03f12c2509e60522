// A deployed gateway from outside, without a secret: npm run smoke -- https://signin.example.org
import { parseArgs } from 'node:util';
import { readGuid } from '../shared/core/ids.ts';
import { isLoopbackHost } from '../shared/core/loopback.ts';
import { canary, type Logs } from './smoke/canary.ts';
import { smoke } from './smoke/checks.ts';
import { lookAt } from './smoke/outside.ts';

const usage = `npm run smoke -- <issuer> [--json] [--workspace <id> [--logs <url>]]
  <issuer>: the public base URL, an origin without path
  --workspace: the id of the log workspace, a GUID: also asks whether query strings are kept there,
    which takes minutes. VESTIBULE_LOGS_TOKEN is the token of somebody who may read it:
    az account get-access-token --resource https://api.loganalytics.io --query accessToken -o tsv
  --logs: where that workspace is asked, if not at https://api.loganalytics.azure.com`;

type Asked = { readonly issuer: string; readonly json: boolean; readonly logs: Logs | undefined };

/** What is wrong with how it was called. */
class Misused extends Error {}

function read(): Asked {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      workspace: { type: 'string' },
      logs: { type: 'string' },
    },
  });
  const [given, ...others] = positionals;
  if (given === undefined || others.length > 0) throw new Misused('it takes one issuer');
  return { issuer: originOf(given), json: values.json, logs: logsOf(values) };
}

function logsOf(values: {
  readonly workspace?: string | undefined;
  readonly logs?: string | undefined;
}): Logs | undefined {
  const { workspace: workspaceId, logs = 'https://api.loganalytics.azure.com' } = values;
  if (workspaceId === undefined) {
    if (values.logs === undefined) return undefined;
    throw new Misused('--logs says nothing without --workspace');
  }
  if (!readGuid(workspaceId)) throw new Misused(`--workspace: ${workspaceId} is no GUID`);
  const endpoint = originOf(logs);
  // the token goes there
  if (!endpoint.startsWith('https://') && !isLoopbackHost(new URL(endpoint).hostname))
    throw new Misused(`--logs: ${endpoint} is not https`);
  const token = process.env['VESTIBULE_LOGS_TOKEN'];
  if (!token) throw new Misused('VESTIBULE_LOGS_TOKEN is missing');
  return { endpoint, workspaceId, token };
}

function originOf(given: string): string {
  const url = URL.parse(given);
  const isOrigin = url && /^https?:$/.test(url.protocol) && given.replace(/\/$/, '') === url.origin;
  if (!isOrigin) throw new Misused(`${given} is no origin (https://<host>, without path)`);
  return url.origin;
}

function asked(): Asked | undefined {
  try {
    return read();
  } catch (thrown) {
    const isUsage = thrown instanceof Misused || (thrown instanceof TypeError && 'code' in thrown);
    if (!isUsage) throw thrown;
    console.error(`${thrown.message}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

const called = asked();
if (called) {
  const gateway = lookAt(called.issuer);
  const found = [...(await smoke(gateway))];
  if (called.logs) found.push(await canary(gateway, called.logs));
  const faults = found.flatMap((each) => each.faults);
  if (called.json) console.log(JSON.stringify({ issuer: called.issuer, checks: found }, null, 2));
  else {
    for (const each of found) {
      console.log(`${each.faults.length === 0 ? 'ok   ' : 'FAULT'}  ${each.check}`);
      for (const fault of each.faults) console.log(`         ${fault}`);
    }
    console.log(`${found.length} checks, ${faults.length} faults`);
  }
  process.exitCode = faults.length > 0 ? 1 : 0;
}
