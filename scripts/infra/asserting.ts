/** What assertions are made of. */
import { at, type BicepFile, type Infra, type Resource, textOf } from './model.ts';
import { resolve } from './names.ts';

export type Place = { readonly file: BicepFile; readonly resource: Resource };
export type Said = readonly [file: BicepFile, line: number, detail: string];
export type Assertion = {
  readonly name: string;
  readonly faults: (infra: Infra) => readonly Said[];
};

export const made = (infra: Infra, ...types: readonly string[]): readonly Place[] =>
  infra.files.flatMap((file) =>
    file.resources
      .filter(({ type, isExisting }) => types.includes(type) && !isExisting)
      .map((resource) => ({ file, resource })),
  );

/** Literally so: a parameter or a condition in its place is a fault, for it could be otherwise. */
export function mustBe(
  place: Place,
  path: string,
  ...allowed: readonly (string | boolean | number)[]
): readonly Said[] {
  const { file, resource } = place;
  const value = at(resource, ...path.split('.'));
  const found = value && resolve(file, value);
  const literal =
    found?.kind === 'boolean' || found?.kind === 'number' ? found.value : textOf(found);
  if (literal !== undefined && allowed.includes(literal)) return [];
  const line = value?.line ?? resource.line;
  return [[file, line, `${resource.name}: ${path} must be ${allowed.join(' or ')}`]];
}

/** The same of every resource of a type. */
export const always =
  (
    type: string,
    ...rules: readonly (readonly [path: string, ...allowed: (string | boolean | number)[]])[]
  ) =>
  (infra: Infra): readonly Said[] =>
    made(infra, type).flatMap((place) =>
      rules.flatMap(([path, ...allowed]) => mustBe(place, path, ...allowed)),
    );

/** `isPrivate ? shut : open`, or shut. */
export function shutWhenPrivate(
  { file, resource }: Place,
  path: string,
  shut: string,
  open: string,
): readonly Said[] {
  const value = at(resource, ...path.split('.'));
  const isSo =
    textOf(value) === shut ||
    (value?.kind === 'either' &&
      value.test.source === 'isPrivate' &&
      textOf(value.yes) === shut &&
      textOf(value.no) === open);
  if (isSo) return [];
  return [
    [
      file,
      value?.line ?? resource.line,
      `${resource.name}: ${path} must be ${shut} in a private network`,
    ],
  ];
}

/** A fault at one resource. */
export const fault = ({ file, resource }: Place, detail: string): Said => [
  file,
  resource.line,
  `${resource.name}: ${detail}`,
];

export const storageAccounts = 'Microsoft.Storage/storageAccounts';
export const vaults = 'Microsoft.KeyVault/vaults';
export const cosmosAccounts = 'Microsoft.DocumentDB/databaseAccounts';
export const sites = 'Microsoft.Web/sites';
export const workspaces = 'Microsoft.OperationalInsights/workspaces';
