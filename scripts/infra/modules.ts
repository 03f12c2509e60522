/** Which file a module is, and what it is given. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { z } from 'zod';
import { type BicepFile, type Fault, type Infra, type Module, memberOf } from './model.ts';
import { kindOf, kindOfType } from './names.ts';

type Say = (line: number, detail: string) => void;

export function moduleFaults(infra: Infra): readonly Fault[] {
  const said: Fault[] = [];
  for (const file of infra.files) {
    const say: Say = (line, detail) =>
      said.push({ file: file.path, line, rule: 'modules', detail });
    for (const module of file.modules) ofModule(infra, file, module, say);
  }
  const called = new Set(
    infra.files.flatMap((file) => file.modules.map((one) => targetOf(file, one))),
  );
  for (const { path } of infra.files)
    if (path !== 'main.bicep' && !called.has(path))
      said.push({ file: path, line: 1, rule: 'modules', detail: 'no module names this file' });
  return [...said, ...parameterFileFaults(infra)];
}

export const targetOf = (file: BicepFile, module: Module): string =>
  posix.join(posix.dirname(file.path), module.path);

function ofModule(infra: Infra, file: BicepFile, module: Module, say: Say): void {
  const target = infra.files.find(({ path }) => path === targetOf(file, module));
  if (!target) {
    say(module.line, `${module.name}: there is no file ${module.path}`);
    return;
  }
  for (const member of module.members)
    if (!['name', 'params', 'scope', 'dependsOn'].includes(member.name ?? ''))
      say(member.line, `${module.name}: a module has no ${member.name}`);
  const params = memberOf(module.members, 'params');
  const given = params?.kind === 'object' ? params.members : [];
  for (const { name, value, line } of given) {
    const parameter = target.parameters.find((one) => one.name === name);
    if (!parameter) {
      say(line, `${module.path} has no parameter ${name}`);
      continue;
    }
    const [found, expected] = [kindOf(file, value), kindOfType(parameter.type)];
    if (found !== 'any' && expected !== 'any' && found !== expected)
      say(line, `${module.name}: ${name} is ${found}, must be ${expected}`);
  }
  for (const { name, type, byDefault } of target.parameters)
    if (!byDefault && !type.endsWith('?') && !given.some((one) => one.name === name))
      say(module.line, `${module.name}: the parameter ${name} is not given`);
}

const parameterFile = z.object({
  parameters: z.record(z.string(), z.object({ value: z.json() })),
});

function parameterFileFaults(infra: Infra): readonly Fault[] {
  const main = infra.files.find(({ path }) => path === 'main.bicep');
  const name = 'main.parameters.json';
  if (!main) return [];
  const { parameters } = parameterFile.parse(
    JSON.parse(readFileSync(join(infra.folder, name), 'utf8')),
  );
  const fault = (detail: string): Fault => ({ file: name, line: 1, rule: 'modules', detail });
  const unknown = Object.keys(parameters).filter(
    (key) => !main.parameters.some((one) => one.name === key),
  );
  const missing = main.parameters.filter((one) => !one.byDefault && !parameters[one.name]);
  const wrong = main.parameters.filter((one) => {
    const value = parameters[one.name]?.value;
    return value !== undefined && kindOfJson(value) !== kindOfType(one.type);
  });
  return [
    ...unknown.map((key) => fault(`main.bicep has no parameter ${key}`)),
    ...missing.map((one) => fault(`the parameter ${one.name} is not given`)),
    ...wrong.map((one) => fault(`${one.name} must be ${one.type}`)),
  ];
}

function kindOfJson(value: z.infer<ReturnType<typeof z.json>>): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return 'int';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
