/** Bicep as the checker reads it: what is said, and on which line. */
export type Expression = { readonly line: number; readonly source: string } & (
  | {
      readonly kind: 'string';
      readonly text: string | undefined;
      readonly parts: readonly Expression[];
    }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly at: Expression }
  | {
      readonly kind: 'call';
      /** `uniqueString`, or the last part of `account.listKeys`. */
      readonly name: string;
      readonly of: Expression | undefined;
      readonly arguments: readonly Expression[];
    }
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | {
      readonly kind: 'for';
      readonly variables: readonly string[];
      readonly over: Expression;
      readonly body: Expression;
    }
  | {
      readonly kind: 'either';
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  /** Operators and parentheses: only what they are made of is looked at. */
  | { readonly kind: 'operation'; readonly parts: readonly Expression[] }
);

export type Member = {
  /** Undefined where the name is computed. */
  readonly name: string | undefined;
  readonly computed: Expression | undefined;
  readonly value: Expression;
  readonly line: number;
};

export type Decorator = { readonly name: string; readonly arguments: readonly Expression[] };

type Declared = { readonly name: string; readonly line: number };

export type Parameter = Declared & {
  /** As it is written: `string`, `bool`, `string[]`, `string?`. */
  readonly type: string;
  readonly byDefault: Expression | undefined;
  readonly decorators: readonly Decorator[];
};
export type Variable = Declared & { readonly value: Expression };
export type Output = Declared & { readonly type: string; readonly value: Expression };

/** The part that resources and modules share: one, one on a condition, or one for each of a list. */
export type Placed = Declared & {
  readonly isConditional: boolean;
  readonly condition: Expression | undefined;
  readonly loop: { readonly variables: readonly string[]; readonly over: Expression } | undefined;
  readonly members: readonly Member[];
};
export type Resource = Placed & {
  readonly type: string;
  readonly apiVersion: string;
  readonly isExisting: boolean;
};
export type Module = Placed & { readonly path: string };

export type BicepFile = {
  /** From the folder that was read, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly syntaxFaults: readonly Fault[];
  readonly scope: string;
  readonly parameters: readonly Parameter[];
  readonly variables: readonly Variable[];
  readonly resources: readonly Resource[];
  readonly modules: readonly Module[];
  readonly outputs: readonly Output[];
};

/** All of a folder. */
export type Infra = { readonly folder: string; readonly files: readonly BicepFile[] };

export type Fault = {
  readonly file: string;
  readonly line: number;
  /** The class of what is checked: `syntax`, `schema`, … */
  readonly rule: string;
  readonly detail: string;
};

export function memberOf(members: readonly Member[], name: string): Expression | undefined {
  return members.find((member) => member.name === name)?.value;
}

/** Down through objects that are written out. */
export function at(
  where: { readonly members: readonly Member[] },
  ...path: readonly string[]
): Expression | undefined {
  const [name, ...rest] = path;
  const value = name === undefined ? undefined : memberOf(where.members, name);
  if (rest.length === 0) return value;
  return value?.kind === 'object' ? at(value, ...rest) : undefined;
}

/** The string that is written there, if it is one and nothing is computed in it. */
export const textOf = (value: Expression | undefined): string | undefined =>
  value?.kind === 'string' ? value.text : undefined;

/** Every expression below and including this one. */
export function everything(value: Expression): readonly Expression[] {
  return [value, ...inside(value).flatMap(everything)];
}

/** One step down. */
export function inside(value: Expression): readonly Expression[] {
  switch (value.kind) {
    case 'string':
    case 'operation':
      return value.parts;
    case 'member':
      return [value.of];
    case 'index':
      return [value.of, value.at];
    case 'call':
      return value.of ? [value.of, ...value.arguments] : value.arguments;
    case 'object':
      return value.members.flatMap((member) =>
        member.computed ? [member.computed, member.value] : [member.value],
      );
    case 'array':
      return value.items;
    case 'for':
      return [value.over, value.body];
    case 'either':
      return [value.test, value.yes, value.no];
    case 'number':
    case 'boolean':
    case 'null':
    case 'name':
      return [];
  }
}
