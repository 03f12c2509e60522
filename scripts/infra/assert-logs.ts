/** What is kept of what happens, and what is not. */
import {
  cosmosAccounts,
  made,
  mustBe,
  type Place,
  type Said,
  storageAccounts,
  vaults,
  workspaces,
} from './asserting.ts';
import { at, type Infra, memberOf, textOf } from './model.ts';

/** Columns of each stream that hold a URL, or a text that may hold one. */
const columns: Readonly<Record<string, readonly string[]>> = {
  'Microsoft-Table-AppRequests': ['Url', 'Name', 'OperationName'],
  'Microsoft-Table-AppDependencies': ['Data', 'Name', 'OperationName'],
  'Microsoft-Table-AppTraces': ['Message', 'OperationName'],
  'Microsoft-Table-AppExceptions': ['OuterMessage', 'InnermostMessage', 'OperationName'],
};

export function queryStrings(infra: Infra): readonly Said[] {
  const [place] = made(infra, 'Microsoft.Insights/dataCollectionRules');
  const [first] = infra.files;
  if (!place) return first ? [[first, 1, 'no rule takes query strings out of logs']] : [];
  const { file, resource } = place;
  const flows = at(resource, 'properties', 'dataFlows');
  const transforms = new Map(
    (flows?.kind === 'array' ? flows.items : []).flatMap((flow) => {
      if (flow.kind !== 'object') return [];
      const streams = memberOf(flow.members, 'streams');
      const names = streams?.kind === 'array' ? streams.items.map(textOf) : [];
      return names.map(
        (name) => [name, textOf(memberOf(flow.members, 'transformKql')) ?? ''] as const,
      );
    }),
  );
  return [
    ...mustBe(place, 'kind', 'WorkspaceTransforms'),
    ...Object.entries(columns).flatMap(([stream, names]) =>
      names
        .filter((name) => !transforms.get(stream)?.includes(`tostring(split(${name}, "?")[0])`))
        .map((name) => [file, resource.line, `${stream}: ${name} keeps its query string`] as const),
    ),
    ...Object.keys(columns)
      .filter((stream) => !transforms.get(stream)?.includes('Properties = parse_json("{}")'))
      .map((stream) => [file, resource.line, `${stream}: Properties is kept`] as const),
    ...made(infra, workspaces)
      .filter((one) => !at(one.resource, 'properties', 'defaultDataCollectionRuleResourceId'))
      .map(
        (one) =>
          [one.file, one.resource.line, `${one.resource.name}: is not under the rule`] as const,
      ),
  ];
}

/** Who deleted what, who used which key, what was mailed. */
const logged: Readonly<Record<string, string>> = {
  [vaults]: 'AuditEvent',
  [`${storageAccounts}/tableServices`]: 'StorageDelete',
  [cosmosAccounts]: 'ControlPlaneRequests',
  'Microsoft.Communication/communicationServices': 'EmailSendMailOperational',
};

export function logs(infra: Infra): readonly Said[] {
  const settings = made(infra, 'Microsoft.Insights/diagnosticSettings');
  const categories = ({ resource }: Place) => {
    const list = at(resource, 'properties', 'logs');
    return (list?.kind === 'array' ? list.items : []).flatMap((item) => {
      if (item.kind !== 'object') return [];
      const enabled = memberOf(item.members, 'enabled');
      const isOn = enabled?.kind === 'boolean' && enabled.value;
      return isOn ? [textOf(memberOf(item.members, 'category'))] : [];
    });
  };
  return [
    ...Object.entries(logged).flatMap(([type, category]) =>
      made(infra, type)
        .filter(
          ({ file, resource }) =>
            !settings.some(
              (one) =>
                one.file === file &&
                memberOf(one.resource.members, 'scope')?.source === resource.name &&
                categories(one).includes(category),
            ),
        )
        .map(
          ({ file, resource }) =>
            [file, resource.line, `${resource.name}: ${category} is not kept`] as const,
        ),
    ),
    ...settings
      .filter((one) => categories(one).includes('EmailStatusUpdateOperational'))
      .map(
        ({ file, resource }) =>
          [file, resource.line, `${resource.name}: would name every recipient`] as const,
      ),
  ];
}
