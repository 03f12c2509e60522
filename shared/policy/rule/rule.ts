import { both, either, negate, type Ternary } from '../ternary.ts';
import { compare, type Operand, type PropertyValue, type RuleProperty } from './comparison.ts';
import { type Token, tokenize } from './tokens.ts';

/** A rule that was read: what it says of a subject. */
export type Rule<Subject> = (subject: Subject) => Ternary;

export type Resolve<Subject> = (name: string) => RuleProperty<Subject> | undefined;

type Joiner = 'not' | 'and' | 'or';

/** A rule in postfix order, so that neither reading nor evaluating it recurses. */
type Step<Subject> = Rule<Subject> | Joiner;

const longest = 3072;
const precedence: Readonly<Record<Joiner, number>> = { or: 1, and: 2, not: 3 };

function isJoiner(text: string): text is Joiner {
  return text === 'and' || text === 'or' || text === 'not';
}

function bare(text: string): string {
  return text.toLowerCase().replace(/^-/, '');
}

/** Lower case and, where the property has old spellings, the current one. */
function folded<Subject>(property: RuleProperty<Subject>): (value: string) => string {
  const { canonical } = property;
  return (value) => {
    const lower = value.toLowerCase();
    return canonical === undefined ? lower : canonical(lower);
  };
}

function foldValue(value: PropertyValue, fold: (value: string) => string): PropertyValue {
  if (typeof value === 'string') return fold(value);
  return Array.isArray(value) ? value.map(fold) : value;
}

class Reader<Subject> {
  private at = 0;
  private readonly steps: Step<Subject>[] = [];
  private readonly waiting: (Joiner | '(')[] = [];
  private readonly tokens: readonly Token[];
  private readonly resolve: Resolve<Subject>;

  constructor(tokens: readonly Token[], resolve: Resolve<Subject>) {
    this.tokens = tokens;
    this.resolve = resolve;
  }

  /** The steps, or undefined when the tokens are no rule. */
  read(): readonly Step<Subject>[] | undefined {
    let operandNext = true;
    while (this.at < this.tokens.length) {
      const more: boolean | undefined = operandNext ? this.readOperand() : this.readJoiner();
      if (more === undefined) return undefined;
      operandNext = more;
    }
    if (operandNext) return undefined;
    this.flush(0);
    return this.waiting.length > 0 ? undefined : this.steps;
  }

  private next(): Token | undefined {
    return this.tokens[this.at++];
  }

  /** Moves what binds at least as tightly from the waiting joiners to the steps. */
  private flush(least: number): void {
    for (
      let top = this.waiting.at(-1);
      top !== undefined && top !== '(';
      top = this.waiting.at(-1)
    ) {
      if (precedence[top] < least) return;
      this.steps.push(top);
      this.waiting.pop();
    }
  }

  /** True when an operand must still follow, false when one was read. */
  private readOperand(): boolean | undefined {
    const token = this.next();
    if (token?.kind === 'mark' && token.text === '(') {
      this.waiting.push('(');
      return true;
    }
    if (token?.kind !== 'word') return undefined;
    if (bare(token.text) === 'not') {
      this.waiting.push('not');
      return true;
    }
    return this.readComparison(token.text) ? false : undefined;
  }

  private readJoiner(): boolean | undefined {
    const token = this.next();
    if (token?.kind === 'mark' && token.text === ')') {
      this.flush(0);
      return this.waiting.pop() === '(' ? false : undefined;
    }
    const joiner = token?.kind === 'word' ? bare(token.text) : '';
    if (!isJoiner(joiner) || joiner === 'not') return undefined;
    this.flush(precedence[joiner]);
    this.waiting.push(joiner);
    return true;
  }

  private readComparison(name: string): boolean {
    const property = this.resolve(name.toLowerCase());
    const operator = this.next();
    if (property === undefined || operator?.kind !== 'word') return false;
    const fold = folded(property);
    const operand = this.readValue(fold);
    const test = operand && compare(property.kind, bare(operator.text), operand);
    if (test === undefined) return false;
    this.steps.push((subject) => test(foldValue(property.read(subject), fold)));
    return true;
  }

  private readValue(fold: (value: string) => string): Operand | undefined {
    const token = this.next();
    if (token?.kind === 'text') return { kind: 'text', text: fold(token.text) };
    if (token?.kind === 'word') {
      const text = token.text.toLowerCase();
      return ['true', 'false', 'null'].includes(text) ? { kind: 'word', text } : undefined;
    }
    return token?.text === '[' ? this.readListItems(fold) : undefined;
  }

  private readListItems(fold: (value: string) => string): Operand | undefined {
    const texts: string[] = [];
    for (;;) {
      const item = this.next();
      const end = this.next();
      if (item?.kind !== 'text' || end?.kind !== 'mark') return undefined;
      texts.push(fold(item.text));
      if (end.text === ']') return { kind: 'list', texts };
      if (end.text !== ',') return undefined;
    }
  }
}

function run<Subject>(steps: readonly Step<Subject>[], subject: Subject): Ternary {
  const stack: Ternary[] = [];
  const pop = (): Ternary => stack.pop() ?? 'unknown';
  for (const step of steps) {
    if (step === 'not') stack.push(negate(pop()));
    else if (step === 'and') stack.push(both(pop(), pop()));
    else if (step === 'or') stack.push(either(pop(), pop()));
    else stack.push(step(subject));
  }
  return pop();
}

/**
 * Reads a filter rule; undefined when it does not parse. Comparisons bind tighter than `not`, that
 * tighter than `and`, that tighter than `or`.
 *
 * @see Graph: conditionalAccessFilter.rule
 */
export function parseRule<Subject>(
  text: unknown,
  resolve: Resolve<Subject>,
): Rule<Subject> | undefined {
  if (typeof text !== 'string' || text.length > longest) return undefined;
  const tokens = tokenize(text);
  const steps = tokens && new Reader(tokens, resolve).read();
  return steps && ((subject) => run(steps, subject));
}
