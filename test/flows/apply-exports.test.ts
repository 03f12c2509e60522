import { describe, expect, it } from 'vitest';
import { openTestHouse } from '../support/house.ts';
import { policy } from '../support/house-folder.ts';

/** Exports of policies and named locations within a folder that is applied. */

const groupOfTwo = '9c0f1e2d-3b4a-4958-8675-5b4e3c2d1a02';
const device = { grantControls: { operator: 'OR', builtInControls: ['compliantDevice'] } };
const place = { file: 'policies/x.json', pointer: '/grantControls/builtInControls/0' };

describe('what guests can hardly meet', () => {
  it('is a warning that names how many it reaches', async () => {
    await using world = await openTestHouse();
    const files = { ...world.files(), 'policies/x.json': policy(1, device) };
    expect(await world.apply(files)).toMatchObject({
      kind: 'applied',
      warnings: expect.arrayContaining([
        {
          ...place,
          severity: 'warning',
          message: expect.stringMatching(/^reaches 5 of 5 guests; this refuses them: .*mfa/),
        },
      ]),
    });
  });

  it('counts groups, and is information while the policy is not enabled', async () => {
    await using world = await openTestHouse();
    const conditions = {
      users: { includeGroups: [groupOfTwo] },
      applications: { includeApplications: ['All'] },
    };
    const members = Object.entries(world.files()).filter(
      ([file, text]) => file.startsWith('guests/') && text.includes(groupOfTwo),
    ).length;
    const x = policy(1, { ...device, conditions, state: 'disabled' });
    const answer = await world.apply({ ...world.files(), 'policies/x.json': x });
    expect(answer).toMatchObject({
      kind: 'applied',
      warnings: expect.arrayContaining([
        {
          ...place,
          severity: 'information',
          message: expect.stringContaining(`reaches ${members} of 5 guests; once it is enabled`),
        },
      ]),
    });
  });
});

describe('shapes', () => {
  it('a list that PowerShell calls Value decides', async () => {
    await using world = await openTestHouse();
    const x = `{"Value":[${policy(1, {})}],"Count":1}`;
    expect(await world.apply({ ...world.files(), 'policies/x.json': x })).toMatchObject({
      kind: 'applied',
    });
    const { policySet } = await world.house.configuration();
    expect(policySet.policies.map(({ displayName }) => displayName)).toContain('Test policy 1');
  });

  it('one id in two files is refused at both', async () => {
    await using world = await openTestHouse();
    const files = {
      ...world.files(),
      'policies/x.json': policy(1, {}),
      'policies/y.json': policy(1, { displayName: 'another' }),
    };
    const message = 'the id stands in another file too';
    expect(await world.apply(files)).toEqual({
      kind: 'faults',
      faults: [
        { file: 'policies/x.json', pointer: '/id', message },
        { file: 'policies/y.json', pointer: '/id', message },
      ],
    });
  });

  it('a state in two spellings counts as enabled', async () => {
    await using world = await openTestHouse();
    const x = policy(1, { State: 'disabled' });
    const answer = await world.apply({ ...world.files(), 'policies/x.json': x });
    expect(answer).toMatchObject({
      kind: 'faults',
      faults: [{ pointer: '/state' }, { pointer: '/State' }],
    });
  });

  it('a member of a named location that stands twice', async () => {
    await using world = await openTestHouse();
    const [file = '', text = ''] =
      Object.entries(world.files()).find(([name]) => name.startsWith('namedLocations/')) ?? [];
    const twice = text.replace('"isTrusted"', '"isTrusted": false, "isTrusted"');
    expect(await world.apply({ ...world.files(), [file]: twice })).toEqual({
      kind: 'faults',
      faults: [{ file, pointer: '/isTrusted', message: 'the member stands twice' }],
    });
  });
});
