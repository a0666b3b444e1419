import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { codeFor, portalUrl, theStack } from './stack.js';

test('a consumer comes from the front page to a 200 in three clicks and two forms', async ({ page }) => {
  const email = `dev-${Date.now().toString(36)}@example.test`;
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));

  await page.goto(portalUrl('demo'));
  await expectAccessible(page);
  await page
    .getByRole('link', { name: /get a free key/i })
    .first()
    .click(); // click 1
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('Password').fill('correct horse battery');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Continue' }).click(); // form 1, click 2
  await page.getByLabel('Code').fill(await codeFor(email)); // form 2 submits itself at the sixth digit

  await page.waitForURL('**/start/app_*');
  const key =
    (
      await page
        .getByText(/slc_[0-9A-Za-z_]{30,}/)
        .first()
        .innerText()
    ).match(/slc_[0-9A-Za-z_]+/)?.[0] ?? '';
  expect(key.length).toBeGreaterThan(30);
  await page.getByRole('button', { name: 'Send', exact: true }).click(); // click 3
  const answer = page.getByRole('region', { name: 'Answer' });
  await expect(answer).toContainText('200');
  await expect(answer).toContainText('99');
  await expectAccessible(page);

  // It is shown once. Whoever comes back sends with a key of 15 minutes, which the page takes for itself.
  await page.reload();
  await expect(page.getByText('No key at hand')).toBeVisible();
  await expect(page.getByText(key)).toHaveCount(0);
  const tried = page.waitForResponse((res) => res.url().endsWith('/try-credential'));
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const { key: tryKey } = (await (await tried).json()) as { key: string };
  await expect(answer).toContainText('200');
  await expect(page.getByText(/good until/)).toBeVisible();
  await expectAccessible(page);

  // Keys left the browser in one place alone: their header to the gateway. They are in no URL, body or storage.
  const kept = await page.evaluate(() =>
    JSON.stringify([localStorage, sessionStorage, document.cookie, location.href]),
  );
  for (const secret of [key, tryKey]) {
    expect(secret).toMatch(/^slc_.{30}/);
    expect(sent.filter((line) => line.includes(secret))).toEqual([]);
    expect(kept).not.toContain(secret);
  }
});

test('a portal that does not exist, and the internal address of one that does, are not found', async ({ page }) => {
  const missing = await page.goto(portalUrl('nobody-here'));
  expect(missing?.status()).toBe(404);
  const internal = await page.goto(`${theStack().consoleUrl}/sites/demo.localhost`);
  expect(internal?.status()).toBe(404);
});
