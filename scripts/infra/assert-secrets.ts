/** No secret in a template, a parameter, an output or a setting. */
import { always, made, type Said, sites, vaults } from './asserting.ts';
import { at, type BicepFile, type Expression, everything, type Infra, memberOf } from './model.ts';
import { expressionsOf, resolve } from './names.ts';

const secretName =
  /secret|password|connectionstring|(access|account|shared|private)_?key$|sas(token)?$/i;
const secretText =
  /AccountKey=|accesskey=|SharedAccessSignature|SharedAccessKey|[?&]sig=|-----BEGIN|[A-Za-z0-9+/]{86}==/i;

/** Nothing here may ask Azure for a key, hold one, or put one where a reader of the group sees it. */
export function secrets(infra: Infra): readonly Said[] {
  return infra.files.flatMap((file) => [
    ...expressionsOf(file).flatMap(({ value }): readonly Said[] => {
      if (value.kind === 'call' && /^list/i.test(value.name))
        return [[file, value.line, `${value.name}() reads keys`]];
      if (value.kind === 'string' && secretText.test(value.source))
        return [[file, value.line, 'this looks like a key']];
      return [];
    }),
    ...file.resources
      .filter(({ type }) => type === `${vaults}/secrets`)
      .map(
        (resource) =>
          [file, resource.line, `${resource.name}: a secret is made by the app`] as const,
      ),
    ...file.parameters
      .filter(
        ({ name, decorators }) =>
          secretName.test(name) || decorators.some((one) => one.name === 'secure'),
      )
      .map(({ name, line }) => [file, line, `${name}: no secret is a parameter here`] as const),
  ]);
}

export function secretOutputs(infra: Infra): readonly Said[] {
  return infra.files.flatMap((file) =>
    file.outputs.flatMap(({ name, line, value }): readonly Said[] => {
      const parts = everything(value).map((part) =>
        part.kind === 'name' ? resolve(file, part) : part,
      );
      const read = parts
        .flatMap(everything)
        .find(
          (part) =>
            (part.kind === 'member' &&
              /^(ConnectionString|InstrumentationKey|.*Keys?)$/i.test(part.name)) ||
            (part.kind === 'call' && /^list/i.test(part.name)),
        );
      return read || secretName.test(name) ? [[file, line, `${name} would show a secret`]] : [];
    }),
  );
}

/** Set by the plan, or only for other plans; and the one that would be an account key. */
const refusedSettings =
  /^(FUNCTIONS_(WORKER_RUNTIME|EXTENSION_VERSION)|WEBSITE_(RUN_FROM_PACKAGE|CONTENT.*|NODE_DEFAULT_VERSION)|AzureWebJobsStorage|AzureWebJobsDashboard|APPINSIGHTS_INSTRUMENTATIONKEY|VESTIBULE_(LOCAL_KEY|SEED_.*))$/;

export function appSettings(infra: Infra): readonly Said[] {
  const names = infra.files.flatMap((file) =>
    settingNames(file).map(({ name, line }) => ({ file, line, name })),
  );
  return [
    ...names
      .filter(({ name }) => refusedSettings.test(name))
      .map(({ file, line, name }) => [file, line, `${name} must not be set`] as const),
    ...always(
      sites,
      ['kind', 'functionapp,linux'],
      ['properties.functionAppConfig.runtime.name', 'node'],
      ['properties.functionAppConfig.runtime.version', '24'],
    )(infra),
    ...always(
      'Microsoft.Web/serverfarms',
      ['sku.name', 'FC1'],
      ['sku.tier', 'FlexConsumption'],
      ['properties.reserved', true],
    )(infra),
    ...made(infra, sites).flatMap(({ file, resource }) =>
      at(resource, 'properties', 'siteConfig', 'appSettings')
        ? [[file, resource.line, `${resource.name}: settings belong into the one list`] as const]
        : [],
    ),
  ];
}

/** The names of the app's settings, with and without mail. */
export function settingNames(
  file: BicepFile,
): readonly { readonly name: string; readonly line: number }[] {
  const configs = file.resources.filter(({ type }) => type === `${sites}/config`);
  return configs
    .flatMap(({ members }) => everything(memberOf(members, 'properties') ?? nothing))
    .map((part) => resolve(file, part))
    .flatMap((part) => (part.kind === 'object' ? part.members : []))
    .flatMap(({ name, line }) => (name === undefined ? [] : [{ name, line }]))
    .filter(({ name }, i, all) => all.findIndex((one) => one.name === name) === i);
}

const nothing: Expression = { kind: 'null', line: 0, source: '' };
