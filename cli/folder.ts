import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CliError, exitCodes } from './cli-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Every *.json below `dir`, as text under its name relative to it, with `/`. Names that begin with
 * a dot are left out, other files too. `{ "env": "NAME" }` as a partner's `clientSecret` becomes
 * the variable's value. Whether the files are a configuration, the server says.
 */
export async function readFolder(
  dir: string,
  env: Environment = process.env,
): Promise<Record<string, string>> {
  const names = (await jsonFilesBelow(dir)).sort();
  if (names.length === 0)
    throw new CliError(`there is no .json file below ${dir}`, {
      exitCode: exitCodes.usage,
      fix: 'name the folder that settings.json lies in',
    });
  const files: Record<string, string> = {};
  for (const name of names) {
    const text = decode(name, await readFile(join(dir, name)));
    files[name] = name.startsWith('partners/') ? withSecret(name, text, env) : text;
  }
  return files;
}

/** Their names relative to `dir`, with `/`; only those below the folder `prefix`. */
export async function jsonFilesBelow(dir: string, prefix = ''): Promise<string[]> {
  const entries = await entriesOf(join(dir, prefix));
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const name = `${prefix}${entry.name}`;
    if (entry.isDirectory()) found.push(...(await jsonFilesBelow(dir, `${name}/`)));
    // In any case of letters: a file that Windows calls .JSON is refused by the server, not skipped here.
    else if (/\.json$/i.test(name) && (await isFile(join(dir, name)))) found.push(name);
  }
  return found;
}

async function entriesOf(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (cause) {
    throw new CliError(`the folder ${path} cannot be read`, {
      exitCode: exitCodes.usage,
      fix: 'name a folder that exists and that you may read',
      cause,
    });
  }
}

/** Follows a link to a file, not to a folder: links of folders can go round. */
const isFile = async (path: string): Promise<boolean> => (await stat(path)).isFile();

/**
 * By its byte order mark, as Windows PowerShell writes them, or by the zero byte that ASCII in UTF-16
 * begins with; else UTF-8.
 */
export function decode(name: string, bytes: Uint8Array): string {
  const [first, second] = bytes;
  const littleEndian = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const bigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const encoding = littleEndian ? 'utf-16le' : bigEndian ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CliError(`${name} is not ${encoding.toUpperCase()}`, {
      exitCode: exitCodes.usage,
      fix: 'save the file as UTF-8',
      cause,
    });
  }
}

const withReference = z.looseObject({ clientSecret: z.strictObject({ env: z.string().min(1) }) });

/** The CLI's own: a partner's entry that names one would carry it to that partner's provider. */
const ownSecrets = ['VESTIBULE_CLIENT_SECRET', 'VESTIBULE_TOKEN'];

function withSecret(file: string, text: string, env: Environment): string {
  const partner = withReference.safeParse(parsed(text));
  if (!partner.success) return text;
  const variable = partner.data.clientSecret.env;
  const refused = (message: string, fix: string) =>
    new CliError(`${file}: ${message}`, { exitCode: exitCodes.usage, fix });
  if (ownSecrets.includes(variable.toUpperCase()))
    throw refused(
      `clientSecret names ${variable}, which is the administrator's`,
      'keep the partner’s secret in a variable of its own',
    );
  const clientSecret = env[variable];
  if (!clientSecret)
    throw refused(
      `clientSecret names the environment variable ${variable}, which is not set`,
      `set ${variable} to the secret that this partner gave you`,
    );
  return `${JSON.stringify({ ...partner.data, clientSecret }, null, 2)}\n`;
}

/** Undefined = no JSON; the server says so, with the file's name. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
