import { describe, expect, it } from 'vitest';
import { compile, whatIf } from '../../../shared/policy/index.ts';

const app = 'd0000000-0000-4000-8000-000000000001';

function policy(
  n: number,
  more: Record<string, unknown>,
  conditions: Record<string, unknown> = {},
) {
  return {
    id: `b0110000-0000-4000-8000-00000000000${n}`,
    state: 'enabled',
    conditions: {
      users: { includeUsers: ['All'] },
      applications: { includeApplications: ['All'] },
      ...conditions,
    },
    ...more,
  };
}

const block = { grantControls: { operator: 'OR', builtInControls: ['block'] } };
const guest = { externalUserType: 'b2bCollaborationGuest' };
const context = { includeApplications: [app] };

describe('whatIf', () => {
  it('echoes the policy in wire names, with the answer', () => {
    const source = { ...policy(1, block), DisplayName: 'CA001' };
    const { value } = whatIf(compile({ policies: [source] }), {
      signInIdentity: guest,
      signInContext: context,
    });
    expect(value).toEqual([
      { ...policy(1, block), displayName: 'CA001', policyApplies: true, analysisReasons: 'notSet' },
    ]);
  });

  it('names the facts that could change the outcome, and no others', () => {
    const policies = [
      policy(1, block, { platforms: { includePlatforms: ['iOS'] }, signInRiskLevels: ['high'] }),
      policy(2, block, { platforms: { includePlatforms: ['all'] } }),
      policy(
        3,
        { ...block, state: 'disabled' },
        { locations: { includeLocations: ['AllTrusted'] } },
      ),
    ];
    const ask = (signInConditions: unknown) =>
      whatIf(compile({ policies }), {
        signInIdentity: guest,
        signInContext: context,
        signInConditions,
      }).missing;
    expect(ask({})).toEqual(['devicePlatform', 'signInRiskLevel']);
    expect(ask({ devicePlatform: 'iOS' })).toEqual(['signInRiskLevel']);
    expect(ask({ devicePlatform: 'windows' })).toEqual([]);
  });

  it('names what the controls need', () => {
    const policies = [
      policy(1, { grantControls: { operator: 'OR', builtInControls: ['compliantDevice'] } }),
    ];
    const { missing } = whatIf(compile({ policies }), {
      signInIdentity: guest,
      signInContext: context,
    });
    expect(missing).toEqual([
      'authentication',
      'device',
      'deviceRegistrationEnabled',
      'inboundTrust',
    ]);
  });

  it('decides by the same facts, for the strictest of several applications', () => {
    const other = 'd0000000-0000-4000-8000-000000000002';
    const policies = [policy(1, block, { applications: { includeApplications: [other] } })];
    const set = compile({ policies });
    const ask = (includeApplications: string[]) =>
      whatIf(set, { signInIdentity: guest, signInContext: { includeApplications } }).decision
        .outcome;
    expect(ask([app])).toBe('grant');
    expect(ask([app, other])).toBe('block');
  });
});
