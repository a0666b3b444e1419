// The ways people come and go: deep links, reloads, guessed addresses.
import { expect, test } from '@playwright/test';
import { codeFor, portalUrl, theStack } from './stack.js';

test('a deep link survives signing in, with its filters', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await page.goto(`${consoleUrl}/${demo.tenant}/requests?range=24h`);
  await expect(page).toHaveURL(`${consoleUrl}/sign-in?next=%2F${demo.tenant}%2Frequests%3Frange%3D24h`);
  await page.getByLabel('Mail address').fill(demo.email);
  await page.getByLabel('Password').fill(demo.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${consoleUrl}/${demo.tenant}/requests?range=24h`);

  await page.goto(`${consoleUrl}/${demo.tenant}/plans/new`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create plan');
});

test('a reload while the code is on its way loses nothing', async ({ page }) => {
  const { consoleUrl } = theStack();
  const name = `slow-${Date.now().toString(36)}`;
  const email = `${name}@example.test`;
  await page.goto(`${consoleUrl}/sign-up`);
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByLabel('Organisation').fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL('**/verify?*');
  await page.reload();
  await page.getByLabel('Code').fill(await codeFor(email));
  await page.waitForURL(`**/${name}/start`);
});

test('a host without a portal leads to the console', async ({ page }) => {
  await page.goto(portalUrl('nobody-here'));
  const link = page.getByRole('link', { name: 'Go to the front page' });
  await expect(link).toHaveAttribute('href', `${theStack().consoleUrl}/`);
});

test('a code that was asked for anew is typed anew, and half a link asks for the address', async ({ page }) => {
  const { consoleUrl } = theStack();
  await page.goto(`${consoleUrl}/reset?email=nobody%40example.test&code=123456`);
  await expect(page.getByLabel('Code')).toHaveValue('123456');
  await page.getByLabel('New password').fill('correct horse battery');
  await page.getByRole('button', { name: 'send another code' }).click();
  await expect(page.getByLabel('Code')).toHaveValue('');
  await expect(page.getByLabel('New password')).toHaveValue('correct horse battery');

  await page.goto(`${consoleUrl}/reset?email=nobody&code=123456`);
  await expect(page.getByLabel('Mail address')).toHaveValue('nobody');
});

test('a double press asks for one code', async ({ page }) => {
  let asked = 0;
  page.on('request', (req) => {
    if (req.url().endsWith('/send-verification-otp')) asked += 1;
  });
  await page.goto(`${theStack().consoleUrl}/verify?email=nobody%40example.test`);
  await page.getByRole('button', { name: 'send another code' }).dblclick();
  await expect(page.getByText('A new code is on its way.').first()).toBeVisible();
  expect(asked).toBe(1);
});
