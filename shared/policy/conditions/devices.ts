import * as z from 'zod';
import { deviceProperty } from '../rule/device-properties.ts';
import { parseRule } from '../rule/rule.ts';
import { filter } from '../schema.ts';
import { negate } from '../ternary.ts';
import { configuredMembers, isObject, wordReader } from '../wire.ts';
import { type ConditionDefinition, constant } from './condition.ts';

const readMode = wordReader(['include', 'exclude']);

/** @see Graph: conditionalAccessDevices.deviceFilter. Excluding matches whoever the rule does not describe. */
export const devices: ConditionDefinition<'devices'> = {
  name: 'devices',
  reason: 'devices',
  facts: ['device', 'inboundTrust'],
  schema: z.strictObject({ deviceFilter: filter(deviceProperty) }),
  read(value) {
    if (!isObject(value)) return constant('unknown', 'cannot be read');
    const members = configuredMembers(value);
    const given = members.get('deviceFilter');
    members.delete('deviceFilter');
    const [stranger] = members.keys();
    if (stranger !== undefined) return constant('unknown', `unknown member ${stranger}`);
    if (!isObject(given)) return constant('unknown', 'the filter cannot be read');
    const parts = configuredMembers(given);
    const mode = readMode(parts.get('mode'));
    const rule = parseRule(parts.get('rule'), deviceProperty);
    parts.delete('mode');
    parts.delete('rule');
    if (mode === undefined || parts.size > 0)
      return constant('unknown', 'the filter cannot be read');
    if (rule === undefined) return constant('unknown', 'the rule does not parse');
    return {
      evaluate: (facts) => (mode === 'include' ? rule(facts) : negate(rule(facts))),
      explain: (facts) => `${mode} filter: the rule is ${describe[rule(facts)]}`,
    };
  },
};

const describe = { match: 'true', noMatch: 'false', unknown: 'undecided' } as const;
