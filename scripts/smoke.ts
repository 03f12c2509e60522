// A deployed gateway from outside, without a secret: npm run smoke -- https://signin.example.org
import { parseArgs } from 'node:util';
import { smoke } from './smoke/checks.ts';
import { lookAt } from './smoke/outside.ts';

const usage =
  'npm run smoke -- <issuer> [--json]\n  <issuer>: the public base URL, an origin without path';

function read(): { issuer: string; json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const [given = '', ...others] = positionals;
    const url = URL.parse(given);
    const isOrigin =
      url && /^https?:$/.test(url.protocol) && given.replace(/\/$/, '') === url.origin;
    return isOrigin && others.length === 0 ? { issuer: url.origin, json: values.json } : undefined;
  } catch {
    return undefined;
  }
}

const asked = read();
if (asked) {
  const found = await smoke(lookAt(asked.issuer));
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
