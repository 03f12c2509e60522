// A deployed gateway from outside, without a secret: npm run smoke -- https://signin.example.org
import { parseArgs } from 'node:util';
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

function read(): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        workspace: { type: 'string' },
        logs: { type: 'string', default: 'https://api.loganalytics.azure.com' },
      },
    });
    const [issuer, ...others] = positionals.map(originOf);
    if (issuer === undefined || others.length > 0) return undefined;
    if (values.workspace === undefined) return { issuer, json: values.json, logs: undefined };
    const endpoint = originOf(values.logs);
    const token = process.env['VESTIBULE_LOGS_TOKEN'];
    if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(values.workspace)) return undefined;
    if (!endpoint || !isPrivate(endpoint) || !token) return undefined;
    return { issuer, json: values.json, logs: { endpoint, workspaceId: values.workspace, token } };
  } catch {
    return undefined;
  }
}

function originOf(given: string): string | undefined {
  const url = URL.parse(given);
  const isOrigin = url && /^https?:$/.test(url.protocol) && given.replace(/\/$/, '') === url.origin;
  return isOrigin ? url.origin : undefined;
}

/** A token goes there. */
const isPrivate = (origin: string): boolean =>
  origin.startsWith('https://') || isLoopbackHost(new URL(origin).hostname);

const asked = read();
if (asked) {
  const gateway = lookAt(asked.issuer);
  const found = [...(await smoke(gateway))];
  if (asked.logs) found.push(await canary(gateway, asked.logs));
  const faults = found.flatMap((each) => each.faults);
  if (asked.json) console.log(JSON.stringify({ issuer: asked.issuer, checks: found }, null, 2));
  else {
    for (const each of found) {
      console.log(`${each.faults.length === 0 ? 'ok   ' : 'FAULT'}  ${each.check}`);
      for (const fault of each.faults) console.log(`         ${fault}`);
    }
    console.log(`${found.length} checks, ${faults.length} faults`);
  }
  process.exitCode = faults.length > 0 ? 1 : 0;
} else {
  console.error(usage);
  process.exitCode = 2;
}
