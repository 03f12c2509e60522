import { duplicateMembers } from './duplicate-members.ts';
import { parsePolicies, withErrors } from './parse-policies.ts';
import { error, type ParseReport } from './report.ts';

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  // A byte-order mark, or the zero byte that ASCII in UTF-16 begins with.
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

function refused(message: string): ParseReport {
  return { items: [], issues: [error('', message)] };
}

/** The text of a file without its byte-order mark; undefined when the bytes are no text. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Reads an exported file: UTF-8 or UTF-16, with or without a byte-order mark. Members that stand twice
 * in one object are found here, because parsing loses them. Never throws.
 */
export function readPolicies(bytes: Uint8Array): ParseReport {
  const text = decode(bytes);
  if (text === undefined) return refused('the file is no UTF-8 or UTF-16 text');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return refused(`the file is no JSON: ${cause instanceof Error ? cause.message : ''}`);
  }
  const report = parsePolicies(json);
  const duplicates = duplicateMembers(text).map((at) => error(at, 'the member stands twice'));
  const items = report.items.map((item) =>
    withErrors(
      item,
      duplicates.filter((d) => d.pointer.startsWith(`${item.pointer}/`)),
    ),
  );
  const inside = new Set(items.flatMap((item) => item.issues));
  return { items, issues: [...report.issues, ...duplicates.filter((d) => !inside.has(d))] };
}
