import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { adminRoles } from '../../shared/rows/configuration/app.ts';

it('the roles for the app registration are those that the admin API knows', () => {
  const roles: readonly { readonly id: string; readonly value: string }[] = JSON.parse(
    readFileSync('infra/admin-roles.json', 'utf8'),
  );
  expect(roles.map(({ value }) => value).toSorted()).toEqual(adminRoles.toSorted());
  expect(new Set(roles.map(({ id }) => id)).size).toBe(adminRoles.length);
  for (const { id } of roles) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
