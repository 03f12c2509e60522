export type RouteTemplate = {
  readonly text: string;
  /** Smaller is more specific: one digit per segment, as the platform's router orders them. */
  readonly precedence: string;
  /** The decoded parameters of an escaped path, or `undefined` where it is another one. */
  match(path: string): Record<string, string> | undefined;
};

type Segment = { pattern: string; rank: number };

// the platform has more; these are what a route here may use
const constraints: Record<string, string> = {
  int: '-?\\d{1,10}',
  long: '-?\\d{1,19}',
  guid: '[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}',
  alpha: '[a-zA-Z]+',
  bool: '(?:[tT]rue|[fF]alse)',
};

const parameter = /\{(\*{0,2})(\w+)(?::(\w+))?(\?)?\}/g;

/** Routes the platform keeps for itself: a function app that declares one does not start. */
export function isReservedRoute(route: string): boolean {
  return /^\/*(?:admin|runtime)/i.test(route);
}

/** Understands `{id}`, `{id:int}`, `{*rest}`, `{x?}` and segments such as `file.{type}`. */
export function compileRoute(text: string): RouteTemplate {
  const names: string[] = [];
  const segments = text
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => compileSegment(segment, names, text));
  // literal segments match in any case, as on the platform
  const expression = new RegExp(`^${segments.map(({ pattern }) => pattern).join('')}/?$`, 'i');
  return {
    text,
    precedence: segments.map(({ rank }) => rank).join(''),
    match(path) {
      const found = expression.exec(decodePath(path));
      if (!found) return undefined;
      const values = names.map((name, index) => [name, found[index + 1]] as const);
      return Object.fromEntries(
        values.filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
    },
  };
}

function compileSegment(segment: string, names: string[], text: string): Segment {
  const literals: string[] = [];
  let pattern = '';
  let rank = 1;
  let end = 0;
  let tail = false;
  for (const found of segment.matchAll(parameter)) {
    const [whole, stars, name = '', constraint, optional] = found;
    const value = constraint === undefined ? '[^/]+' : constraints[constraint];
    if (value === undefined) {
      throw new Error(`route ${text}: the local host does not know the constraint :${constraint}`);
    }
    names.push(name);
    literals.push(segment.slice(end, found.index));
    pattern += `${escapeLiteral(literals.at(-1) ?? '')}(${stars ? '[^]*' : value})`;
    rank = (constraint === undefined ? 3 : 2) + (stars ? 2 : 0);
    end = found.index + whole.length;
    tail = Boolean(stars) || optional !== undefined;
  }
  const rest = segment.slice(end);
  literals.push(rest);
  if (literals.some((literal) => /[{}]/.test(literal))) {
    throw new Error(`route ${text}: the local host cannot read ${segment}`);
  }
  pattern += escapeLiteral(rest);
  return { pattern: tail ? `(?:/${pattern})?` : `/${pattern}`, rank };
}

function escapeLiteral(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** An escaped slash stays escaped: it is no boundary of segments. */
function decodePath(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return run
        .split(/(%2f)/i)
        .map((part) => (/^%2f$/i.test(part) ? part : decodeURIComponent(part)))
        .join('');
    } catch {
      return run;
    }
  });
}
