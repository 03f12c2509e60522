/** Nothing is open that need not be. */
import {
  always,
  cosmosAccounts,
  made,
  mustBe,
  type Said,
  shutWhenPrivate,
  sites,
  storageAccounts,
  vaults,
} from './asserting.ts';
import { at, type BicepFile, type Infra, memberOf, textOf } from './model.ts';

export function publishingPasswords(infra: Infra): readonly Said[] {
  const policies = made(infra, `${sites}/basicPublishingCredentialsPolicies`);
  return [
    ...always(
      sites,
      ['properties.siteConfig.ftpsState', 'Disabled'],
      ['properties.siteConfig.remoteDebuggingEnabled', false],
    )(infra),
    ...policies.flatMap((place) => mustBe(place, 'properties.allow', false)),
    ...made(infra, sites).flatMap(({ file, resource }) =>
      ['ftp', 'scm']
        .filter(
          (name) =>
            !policies.some(
              (policy) =>
                textOf(memberOf(policy.resource.members, 'name')) === name &&
                memberOf(policy.resource.members, 'parent')?.source === resource.name,
            ),
        )
        .map(
          (name) =>
            [
              file,
              resource.line,
              `${resource.name}: nothing forbids passwords for ${name}`,
            ] as const,
        ),
    ),
  ];
}

export function network(infra: Infra): readonly Said[] {
  const main = infra.files.find(({ path }) => path === 'main.bicep');
  const choice = main?.parameters.find(({ name }) => name === 'network');
  const isPrivate = main?.variables.find(({ name }) => name === 'isPrivate');
  return [
    ...made(infra, storageAccounts, vaults, cosmosAccounts).flatMap((place) =>
      shutWhenPrivate(place, 'properties.publicNetworkAccess', 'Disabled', 'Enabled'),
    ),
    ...made(infra, storageAccounts, vaults).flatMap((place) =>
      shutWhenPrivate(place, 'properties.networkAcls.defaultAction', 'Deny', 'Allow'),
    ),
    ...(main && textOf(choice?.byDefault) !== 'private'
      ? [[main, choice?.line ?? 1, 'the network must be private unless it is said'] as const]
      : []),
    ...(main && isPrivate?.value.source !== "network == 'private'"
      ? [[main, isPrivate?.line ?? 1, "isPrivate must be network == 'private'"] as const]
      : []),
    ...(main ? modulesGiven(main, infra) : []),
  ];
}

/** Each module that shuts something is told so by main's own variable. */
function modulesGiven(main: BicepFile, infra: Infra): readonly Said[] {
  return main.modules.flatMap((module) => {
    const target = infra.files.find(({ path }) => path === module.path);
    if (!target?.parameters.some(({ name }) => name === 'isPrivate')) return [];
    const given = at(module, 'params', 'isPrivate');
    return given?.source === 'isPrivate'
      ? []
      : [
          [
            main,
            given?.line ?? module.line,
            `${module.name}: isPrivate must be main's own`,
          ] as const,
        ];
  });
}
