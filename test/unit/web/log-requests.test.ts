import { describe, expect, it } from 'vitest';
import { nextQuery, readAuditsQuery, readSignInsQuery } from '../../../shared/web/log-requests.ts';

const now = new Date('2026-11-18T09:10:00.000Z');

const asked = (parameters: Readonly<Record<string, string>>) => ({
  method: 'GET',
  url: `http://localhost/v1.0/auditLogs/signIns?${new URLSearchParams(parameters).toString()}`,
  headers: { get: () => null },
  text: async () => '',
});

const read = (parameters: Readonly<Record<string, string>>, reader = readSignInsQuery) => {
  const result = reader(asked(parameters), now);
  if (result.kind !== 'query') throw new Error(result.response.body);
  return result.query;
};

const refused = (parameters: Readonly<Record<string, string>>, reader = readSignInsQuery) => {
  const result = reader(asked(parameters), now);
  if (result.kind !== 'bad') throw new Error(JSON.stringify(result.query));
  const { error } = JSON.parse(result.response.body);
  return [result.response.status, error.details[0].target];
};

describe('what is understood', () => {
  it('nothing: the last 24 hours', () => {
    expect(read({})).toMatchObject({
      from: new Date('2026-11-17T09:10:00.000Z'),
      to: now,
      limit: 100,
      userId: undefined,
      failedOnly: false,
      cursor: undefined,
    });
  });

  it('every clause, in any order', () => {
    expect(
      read({
        $filter:
          " status/errorCode ne 0  and userId eq 'o''neil@x.example' and createdDateTime le 2026-11-02T00:00:00Z and createdDateTime ge 2026-11-01T02:00:00+02:00 ",
        $top: '7',
      }),
    ).toMatchObject({
      from: new Date('2026-11-01T00:00:00.000Z'),
      to: new Date('2026-11-02T00:00:00.000Z'),
      limit: 7,
      userId: "o'neil@x.example",
      failedOnly: true,
    });
  });

  it('a value that looks like a clause is a value', () => {
    const text = 'x and status/errorCode ne 0';
    expect(read({ $filter: `userId eq '${text}'` })).toMatchObject({
      userId: text,
      failedOnly: false,
    });
  });

  it('an end alone reaches back a day from there', () => {
    const { from } = read({ $filter: 'createdDateTime le 2026-11-02T00:00:00Z' });
    expect(from).toEqual(new Date('2026-11-01T00:00:00.000Z'));
  });

  it.each([readSignInsQuery, readAuditsQuery])(
    'the next page asks for the same, whenever it is asked',
    (reader) => {
      const first = read({ $top: '5' }, reader);
      const cursor = { hour: '2026111809', after: '0123.abcd.12-4_678/f' };
      const { filter = '', limit, cursor: next = '' } = nextQuery(first, cursor);
      const later = new Date('2026-11-18T10:00:00.000Z');
      const parameters = { $filter: filter, $top: String(limit), $skiptoken: next };
      expect(reader(asked(parameters), later)).toEqual({
        kind: 'query',
        query: { ...first, cursor },
      });
    },
  );
});

describe('what is not is refused with its parameter', () => {
  it.each([
    '',
    ' ',
    'and',
    'createdDateTime',
    'createdDateTime ge',
    'createdDateTime gt 2026-11-01T00:00:00Z',
    'createdDateTime ge yesterday',
    'createdDateTime ge 2026-11-01',
    'createdDateTime ge 2026-11-31T00:00:00Z',
    'createdDateTime ge 2026-11-18T00:00:00',
    'createdDateTime ge 2026-11-18T00:00:00Z and',
    'createdDateTime ge 2026-11-18T00:00:00Z and createdDateTime ge 2026-11-18T01:00:00Z',
    'createdDateTime ge 2026-11-18T00:00:00Z or createdDateTime le 2026-11-18T01:00:00Z',
    'activityDateTime ge 2026-11-18T00:00:00Z',
    "userId eq ''",
    'userId eq x',
    'userId eq "x"',
    "userId ne 'x'",
    "userId eq 'x' or userId ne 'x'",
    "userId eq 'x'' or userId ne ''x",
    "userId eq 'x'and status/errorCode ne 0",
    "userId eq 'x' and userId eq 'y'",
    "not (userId eq 'x')",
    'status/errorCode ne 1',
    'status/errorCode eq 0',
    "appId eq 'x'",
    '__proto__',
  ])('$filter=%s', (filter) => {
    expect(refused({ $filter: filter })).toEqual([400, '$filter']);
  });

  it('a window of more than 31 days', () => {
    const since = (day: string) => ({ $filter: `createdDateTime ge ${day}T09:00:00Z` });
    expect(refused(since('2026-10-17'))).toEqual([400, '$filter']);
    expect(read(since('2026-10-18'))).toMatchObject({ to: now });
  });

  it('audits have no guests', () => {
    expect(refused({ $filter: "userId eq 'x'" }, readAuditsQuery)).toEqual([400, '$filter']);
    expect(refused({ $filter: 'status/errorCode ne 0' }, readAuditsQuery)).toEqual([
      400,
      '$filter',
    ]);
  });

  it.each([
    ['$top', '0'],
    ['$top', '1000'],
    ['$top', '1.5'],
    ['$top', 'x'],
    ['$skiptoken', ''],
    ['$skiptoken', 'x'],
    ['$skiptoken', '2026111809'],
    ['$skiptoken', "2026111809.0' or 1 eq 1"],
    ['$orderby', 'createdDateTime'],
    ['$select', 'id'],
    ['filter', 'x'],
  ])('%s=%s', (name, value) => {
    expect(refused({ [name]: value })).toEqual([400, name]);
  });
});
