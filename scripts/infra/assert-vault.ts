/** The vault, its keys, and every role that the app has. */
import { fault, made, mustBe, type Place, type Said, vaults } from './asserting.ts';
import { at, type Expression, type Infra, memberOf, textOf } from './model.ts';
import { resolve } from './names.ts';
import { roles } from './roles.ts';

export function vaultByRoles(infra: Infra): readonly Said[] {
  return made(infra, vaults).flatMap((place) => [
    ...mustBe(place, 'properties.enableRbacAuthorization', true),
    ...['accessPolicies', 'createMode']
      .filter((name) => at(place.resource, 'properties', name))
      .map(
        (name) => [place.file, place.resource.line, `${place.resource.name}: no ${name}`] as const,
      ),
    ...['enabledForDeployment', 'enabledForDiskEncryption', 'enabledForTemplateDeployment'].flatMap(
      (name) => mustBe(place, `properties.${name}`, false),
    ),
  ]);
}

const keyForms: Readonly<Record<string, readonly (readonly [string, ...(string | number)[]])[]>> = {
  'signing-rs256': [
    ['properties.kty', 'RSA', 'RSA-HSM'],
    ['properties.keySize', 2048],
  ],
  'signing-es256': [
    ['properties.kty', 'EC', 'EC-HSM'],
    ['properties.curveName', 'P-256'],
  ],
  'key-encryption': [
    ['properties.kty', 'RSA', 'RSA-HSM'],
    ['properties.keySize', 2048, 3072, 4096],
  ],
};
const keyOperations: Readonly<Record<string, string>> = {
  'signing-rs256': 'sign verify',
  'signing-es256': 'sign verify',
  'key-encryption': 'wrapKey unwrapKey sign verify',
};

export function keys(infra: Infra): readonly Said[] {
  const all = made(infra, `${vaults}/keys`);
  const [vault] = made(infra, vaults);
  const names = all.map(({ resource }) => textOf(memberOf(resource.members, 'name')) ?? '');
  const missing = Object.keys(keyForms).filter((name) => !names.includes(name));
  return [
    ...(vault ? missing.map((name) => fault(vault, `there is no key ${name}`)) : []),
    ...all.flatMap((place, i) => ofKey(place, names[i] ?? '')),
  ];
}

function ofKey(place: Place, name: string): readonly Said[] {
  const { file, resource } = place;
  const form = keyForms[name];
  if (!form) return [fault(place, `${name} is no key that the app uses`)];
  const given = at(resource, 'properties', 'keyOps');
  const operations = given?.kind === 'array' ? given.items.map(textOf).join(' ') : '';
  const policy = at(resource, 'properties', 'rotationPolicy');
  const found: Said[] = [];
  if (operations !== keyOperations[name])
    found.push(fault(place, `keyOps must be ${keyOperations[name]}`));
  if (!at(resource, 'properties', 'attributes', 'exp'))
    found.push(fault(place, 'its first version never ends'));
  if (!policy || !rotates(resolve(file, policy)))
    found.push(fault(place, 'nothing rotates it, or its versions never end'));
  return [
    ...form.flatMap(([path, ...allowed]) => mustBe(place, path, ...allowed)),
    ...mustBe(place, 'properties.attributes.exportable', false),
    ...found,
  ];
}

function rotates(policy: Expression): boolean {
  if (policy.kind !== 'object') return false;
  const actions = at(policy, 'lifetimeActions');
  const hasEnd = textOf(at(policy, 'attributes', 'expiryTime')) !== undefined;
  return (
    hasEnd &&
    actions?.kind === 'array' &&
    actions.items.some(
      (one) => one.kind === 'object' && textOf(at(one, 'action', 'type')) === 'rotate',
    )
  );
}

/** Each role at a resource of the type that the table names for it, and to the app's identity alone. */
export function roleAssignments(infra: Infra): readonly Said[] {
  const all = made(infra, 'Microsoft.Authorization/roleAssignments').map((place) => {
    const call = at(place.resource, 'properties', 'roleDefinitionId');
    const isDefinition =
      call?.kind === 'call' &&
      textOf(call.arguments[0]) === 'Microsoft.Authorization/roleDefinitions';
    const last = isDefinition ? call.arguments.at(-1) : undefined;
    const id = last && textOf(resolve(place.file, last));
    const scope = memberOf(place.resource.members, 'scope')?.source;
    const target = place.file.resources.find(({ name }) => name === scope);
    return { place, id, target, role: roles.find((one) => one.id === id) };
  });
  const keysWithout = made(infra, `${vaults}/keys`).filter(
    ({ resource }) => !all.some(({ target }) => target === resource),
  );
  const missing = roles.flatMap(({ id, name, at: type }) => {
    const [place] = made(infra, type);
    const isGiven = all.some(({ role }) => role?.id === id);
    return place && !isGiven ? [fault(place, `the app is not given ${name}`)] : [];
  });
  return [
    ...all.flatMap(({ place, id, target, role }) => {
      if (!role) return [fault(place, `${id ?? 'its role'} is not in the table of roles`)];
      return [
        ...(target?.type === role.at
          ? []
          : [fault(place, `${role.name} belongs at one ${role.at}`)]),
        ...ofGrantee(place),
      ];
    }),
    ...keysWithout.map((place) => fault(place, 'the app may not use this key')),
    ...missing,
  ];
}

function ofGrantee(place: Place): readonly Said[] {
  const name = memberOf(place.resource.members, 'name');
  const principal = at(place.resource, 'properties', 'principalId');
  return [
    ...(principal?.source === 'principalId'
      ? []
      : [fault(place, "only the app's identity is given a role")]),
    ...(name?.kind === 'call' && name.name === 'guid'
      ? []
      : [fault(place, 'its name must be a guid()')]),
    ...mustBe(place, 'properties.principalType', 'ServicePrincipal'),
  ];
}
