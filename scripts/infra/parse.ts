/** Bicep files into the checker's model, by tree-sitter's grammar. */
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';
import type { BicepFile, Decorator, Expression, Fault, Infra, Member, Placed } from './model.ts';

let parser: Promise<Parser> | undefined;

/** Every `*.bicep` below a folder. */
export async function readInfra(folder: string): Promise<Infra> {
  const paths = globSync('**/*.bicep', { cwd: folder }).map((path) => path.replaceAll('\\', '/'));
  const files = [];
  for (const path of paths.sort())
    files.push(await parseBicep(path, readFileSync(join(folder, path), 'utf8')));
  return { folder, files };
}

export async function parseBicep(path: string, text: string): Promise<BicepFile> {
  parser ??= openParser();
  const tree = (await parser).parse(text);
  if (!tree) throw new Error(`${path}: the parser gave nothing`);
  const found = {
    scope: 'resourceGroup',
    parameters: [] as BicepFile['parameters'][number][],
    variables: [] as BicepFile['variables'][number][],
    resources: [] as BicepFile['resources'][number][],
    modules: [] as BicepFile['modules'][number][],
    outputs: [] as BicepFile['outputs'][number][],
  };
  const faults = [...syntaxFaults(path, tree.rootNode), ...unused(path, tree.rootNode)];
  let decorators: readonly Decorator[] = [];
  for (const node of tree.rootNode.namedChildren) {
    const [first, ...rest] = parts(node);
    const line = lineOf(node);
    const name = first?.text ?? '';
    switch (node.type) {
      case 'comment':
        continue;
      case 'decorators':
        decorators = parts(node).map(decorator);
        continue;
      case 'target_scope_assignment':
        found.scope = stringText(first) ?? '';
        break;
      case 'parameter_declaration': {
        const [type, byDefault] = rest;
        found.parameters.push({
          name,
          line,
          type: type?.text ?? '',
          byDefault: byDefault && expression(byDefault),
          decorators,
        });
        break;
      }
      case 'variable_declaration':
        if (rest[0]) found.variables.push({ name, line, value: expression(rest[0]) });
        break;
      case 'output_declaration': {
        const [type, value] = rest;
        if (value)
          found.outputs.push({ name, line, type: type?.text ?? '', value: expression(value) });
        break;
      }
      case 'resource_declaration': {
        const [named, body] = rest;
        const [type = '', apiVersion = ''] = (stringText(named) ?? '').split('@');
        const isExisting = node.children.some((child) => child.type === 'existing');
        found.resources.push({ ...placed(name, line, body), type, apiVersion, isExisting });
        break;
      }
      case 'module_declaration': {
        const [named, body] = rest;
        found.modules.push({ ...placed(name, line, body), path: stringText(named) ?? '' });
        break;
      }
      case 'type_declaration':
      case 'ERROR':
        break;
      default:
        faults.push(
          fault(path, node, `${node.type.replaceAll('_', ' ')} is not used in this house`),
        );
    }
    decorators = [];
  }
  return { path, text, syntaxFaults: faults, ...found };
}

async function openParser(): Promise<Parser> {
  await Parser.init();
  const require = createRequire(import.meta.url);
  const wasm = require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
  const opened = new Parser();
  opened.setLanguage(await Language.load(wasm));
  return opened;
}

function syntaxFaults(path: string, node: Node): Fault[] {
  if (node.isMissing) return [fault(path, node, `${node.type} is missing`)];
  if (node.isError) return [fault(path, node, `cannot be read: ${node.text.split('\n')[0] ?? ''}`)];
  return node.hasError ? node.children.flatMap((child) => syntaxFaults(path, child)) : [];
}

/** What the checker could not follow, and this house has no need of. */
function unused(path: string, root: Node): Fault[] {
  const nested = root
    .descendantsOfType('object_property')
    .filter((property) => property?.namedChildren[0]?.type === 'resource_declaration');
  const others = root.descendantsOfType(['lambda_expression', 'spread_syntax', 'type_declaration']);
  return [...nested, ...others].map((node) =>
    fault(path, node, `${node.type.replaceAll('_', ' ')} is not used in this house`),
  );
}

const fault = (file: string, node: Node, detail: string): Fault => ({
  file,
  line: lineOf(node),
  rule: 'syntax',
  detail,
});

const lineOf = (node: Node): number => node.startPosition.row + 1;
const parts = (node: Node): Node[] => node.namedChildren.filter(({ type }) => type !== 'comment');

/** A body is an object, or one on a condition, or one for each of a list. */
function placed(name: string, line: number, body: Node | undefined): Placed {
  const found = { name, line, isConditional: false, condition: undefined, loop: undefined };
  if (!body) return { ...found, members: [] };
  if (body.type === 'object') return { ...found, members: members(body) };
  if (body.type === 'if_statement') {
    const [test, inner] = parts(body);
    const condition = test && expression(test);
    return { ...placed(name, line, inner), isConditional: true, condition };
  }
  const loop = expression(body);
  if (loop.kind !== 'for' || loop.body.kind !== 'object') return { ...found, members: [] };
  const { variables, over } = loop;
  return { ...found, loop: { variables, over }, members: loop.body.members };
}

function decorator(node: Node): Decorator {
  const [call] = parts(node);
  const value = call && expression(call);
  return value?.kind === 'call' ? value : { name: node.text, arguments: [] };
}

function members(node: Node): readonly Member[] {
  return parts(node).map((property) => {
    const [name, value] = parts(property);
    const line = lineOf(property);
    const found = value ? expression(value) : unread(property);
    // a name may be written without quotes, in quotes, or computed in quotes
    const text = name?.type === 'string' ? stringText(name) : name?.text;
    const computed = name && text === undefined ? expression(name) : undefined;
    return { name: text, computed, value: found, line };
  });
}

const unread = (node: Node): Expression => ({
  kind: 'operation',
  parts: parts(node).map(expression),
  line: lineOf(node),
  source: node.text,
});

/** Undefined where something is computed in it. */
function stringText(node: Node | undefined): string | undefined {
  const found = node && expression(node);
  return found?.kind === 'string' ? found.text : undefined;
}

function expression(node: Node): Expression {
  const here = { line: lineOf(node), source: node.text };
  const inner = parts(node);
  const [first, second, third] = inner;
  switch (node.type) {
    case 'string':
      return string(node, here);
    case 'number':
      return { kind: 'number', value: Number(node.text), ...here };
    case 'boolean':
      return { kind: 'boolean', value: node.text === 'true', ...here };
    case 'null':
      return { kind: 'null', ...here };
    case 'identifier':
    case 'property_identifier':
    case 'loop_variable':
    case 'loop_enumerator':
      return { kind: 'name', name: node.text, ...here };
    case 'member_expression':
      if (first && second)
        return afterTernary(expression(first), (of) => ({
          kind: 'member',
          of,
          name: second.text,
          ...here,
        }));
      break;
    case 'subscript_expression':
      if (first && second)
        return afterTernary(expression(first), (of) => ({
          kind: 'index',
          of,
          at: expression(second),
          ...here,
        }));
      break;
    case 'call_expression':
      if (first)
        return afterTernary(expression(first), (callee) =>
          call(callee, second ? parts(second) : [], here),
        );
      break;
    case 'object':
      return { kind: 'object', members: members(node), ...here };
    case 'array':
      return { kind: 'array', items: inner.map(expression), ...here };
    case 'for_statement':
      return loop(inner, here) ?? unread(node);
    case 'ternary_expression':
      if (first && second && third)
        return {
          kind: 'either',
          test: expression(first),
          yes: expression(second),
          no: expression(third),
          ...here,
        };
      break;
  }
  return unread(node);
}

/** The grammar reads `a ? b : c.d` as `(a ? b : c).d`; Bicep does not. In parentheses it is left. */
function afterTernary(value: Expression, rest: (of: Expression) => Expression): Expression {
  if (value.kind !== 'either') return rest(value);
  return { ...value, no: afterTernary(value.no, rest) };
}

type Here = { readonly line: number; readonly source: string };

function call(callee: Expression, given: readonly Node[], here: Here): Expression {
  const rest = { kind: 'call', arguments: given.map(expression), ...here } as const;
  if (callee.kind === 'member') return { ...rest, name: callee.name, of: callee.of };
  return { ...rest, name: callee.source, of: undefined };
}

function loop(inner: readonly Node[], here: Here): Expression | undefined {
  const [named, over, body] = inner;
  if (!named || !over || !body) return undefined;
  const variables =
    named.type === 'for_loop_parameters' ? parts(named).map(({ text }) => text) : [named.text];
  return { kind: 'for', variables, over: expression(over), body: expression(body), ...here };
}

function string(node: Node, here: Here): Expression {
  const computed = node.namedChildren.filter(({ type }) => type === 'interpolation');
  const written = node.namedChildren
    .filter(({ type }) => type === 'string_content' || type === 'escape_sequence')
    .map(({ type, text }) => (type === 'escape_sequence' ? unescaped(text) : text))
    .join('');
  return {
    kind: 'string',
    text: computed.length > 0 ? undefined : written,
    parts: computed.flatMap(parts).map(expression),
    ...here,
  };
}

function unescaped(sequence: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  const after = sequence.slice(1);
  if (after.startsWith('u{')) return String.fromCodePoint(Number.parseInt(after.slice(2, -1), 16));
  return named[after] ?? after;
}
