import type { KnownFacts } from '../known-facts.ts';
import type { PropertyKind, PropertyValue, RuleProperty } from './comparison.ts';

const extensionAttributes = Array.from({ length: 15 }, (_, i) => `extensionAttribute${i + 1}`);

const kinds: Readonly<Record<string, PropertyKind>> = {
  deviceId: 'id',
  mdmAppId: 'id',
  displayName: 'text',
  manufacturer: 'text',
  model: 'text',
  enrollmentProfileName: 'text',
  operatingSystem: 'text',
  operatingSystemVersion: 'text',
  ...Object.fromEntries(extensionAttributes.map((name) => [name, 'text' as const])),
  deviceOwnership: 'choice',
  profileType: 'choice',
  trustType: 'choice',
  isCompliant: 'boolean',
  physicalIds: 'collection',
  systemLabels: 'collection',
};

const names = new Map(Object.keys(kinds).map((name) => [name.toLowerCase(), name]));

// These have a value only on a device that this tenant, or a home it trusts, manages.
const managedOnly: ReadonlySet<string> = new Set(['isCompliant', ...extensionAttributes]);

function propertyValue(value: unknown, kind: PropertyKind): PropertyValue {
  if (value === null || value === undefined) return null;
  if (kind === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (kind !== 'collection') return typeof value === 'string' ? value : undefined;
  return Array.isArray(value) && value.every((v): v is string => typeof v === 'string')
    ? value
    : undefined;
}

function readProperty(facts: KnownFacts, name: string, kind: PropertyKind): PropertyValue {
  const { device, trust } = facts;
  if (device === undefined || device.managedBy === 'other') return null;
  const homeTrusted = trust.compliantDevice || trust.hybridJoinedDevice;
  if (device.managedBy === 'home' && !homeTrusted) return null;
  const managed = device.managedBy === 'home' || device.managedBy === 'resource';
  if (managedOnly.has(name) && !managed) return null;
  return propertyValue(
    Object.hasOwn(device.properties, name) ? device.properties[name] : undefined,
    kind,
  );
}

/** A property of the device filter by its name in lower case, with or without `device.`. */
export function deviceProperty(written: string): RuleProperty<KnownFacts> | undefined {
  const name = names.get(written.replace(/^device\./, ''));
  const kind = name === undefined ? undefined : kinds[name];
  if (name === undefined || kind === undefined) return undefined;
  const read = (facts: KnownFacts): PropertyValue => readProperty(facts, name, kind);
  if (name !== 'trustType') return { kind, read };
  return { kind, read, canonical: (value) => (value === 'entraid' ? 'azuread' : value) };
}
