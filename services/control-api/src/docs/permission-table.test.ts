import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { controllers } from '../app.module.js';
import { permissions } from '../permissions.js';
import { permissionPage } from './permission-table.js';

const written = readFileSync(new URL('../../../../docs/permissions.md', import.meta.url), 'utf8');

test('the committed page is what `npm run docs` makes', () => {
  expect(permissionPage(written, controllers)).toBe(written);
});

test('every action of the table opens something, and is on the page', () => {
  for (const action of Object.keys(permissions))
    expect(written, action).toMatch(new RegExp(`^\\| \`${action}\` \\|.*\`[A-Z]+ /`, 'm'));
});
