import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { codeFor, theStack } from './stack.js';

test('a tenant comes from nothing to a public URL, a 200 and a record of it', async ({ page }) => {
  const { consoleUrl } = theStack();
  const name = `acme-${Date.now().toString(36)}`;
  const email = `${name}@example.test`;

  await page.goto(`${consoleUrl}/sign-up`);
  await expectAccessible(page);
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByLabel('Organisation').fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Code').fill(await codeFor(email));

  await page.waitForURL(`**/${name}/start`);
  await page.getByText('The demo upstream').click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create and publish' }).click();
  await page.getByRole('button', { name: 'Send test request' }).click();
  const answer = page.getByRole('region', { name: 'Answer' });
  await expect(answer).toContainText('200');
  await expect(answer).toContainText('left');
  const requestId = /req_[0-9a-f]{32}/.exec(await answer.innerText())?.[0];
  expect(requestId).toBeDefined();
  await expectAccessible(page);

  // The same request, from ClickHouse. Records arrive within seconds; the page says when there is nothing yet.
  await expect(async () => {
    await page.goto(`${consoleUrl}/${name}/requests?id=${requestId}`);
    await expect(page.getByRole('dialog')).toContainText(requestId ?? '', { timeout: 5000 });
    await expect(page.getByRole('dialog')).toContainText('stable', { timeout: 5000 });
  }).toPass({ timeout: 60_000 });
  await expectAccessible(page);

  await page.goto(`${consoleUrl}/${name}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectAccessible(page);
});

test('a taken name is said at the field, and nothing typed is lost', async ({ page }) => {
  const { consoleUrl } = theStack();
  const email = `late-${Date.now().toString(36)}@example.test`;
  await page.goto(`${consoleUrl}/sign-up`);
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByLabel('Organisation').fill('demo');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Code').fill(await codeFor(email));
  await expect(page.getByText('Choose a short name')).toBeVisible();
  await expect(page.getByLabel('Organisation')).toHaveValue('demo');
});
