import { request as httpRequest } from 'node:http';
import { expect, test, type Route } from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { call } from './call.js';
import { signIn } from './sign-in.js';
import { theStack } from './stack.js';

/** Calls the demo API as its client, and says which arms answered. */
async function armsOf(count: number): Promise<Record<string, number>> {
  const { demo, gatewayUrls } = theStack();
  const arms: Record<string, number> = {};
  for (let index = 0; index < count; index += 1) {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const url = `${gatewayUrls[index % gatewayUrls.length]}${demo.basePath}/orders`;
    const req = httpRequest(url, { headers: { host: demo.host, [demo.keyHeader]: demo.key } }, (res) => {
      res.resume();
      res.on('end', () => resolve(String(res.headers['x-sluice-arm'])));
    });
    req.on('error', reject);
    req.end();
    const arm = await promise;
    arms[arm] = (arms[arm] ?? 0) + 1;
  }
  return arms;
}

test('an admin raises a canary with its consequence in view, sees it answer, and stops it with one click', async ({
  page,
}) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await page.goto(`${consoleUrl}/${demo.tenant}/apis/orders/routes/orders`);
  await expectAccessible(page);

  await page.getByRole('textbox', { name: 'canary' }).fill('100');
  await page.getByRole('textbox', { name: 'canary' }).press('Enter');
  await page.getByRole('button', { name: 'Set weights…' }).click();
  await page.getByRole('button', { name: 'Raise it' }).click();
  // The toast says it twice for a moment: on the page, and to screen readers.
  await expect(page.getByText(/Weights version \d+ are on their way/).first()).toBeVisible();
  await expect(async () => expect(await armsOf(20)).toEqual({ canary: 20 })).toPass({ timeout: 60_000 });

  await page.getByRole('button', { name: 'Stop canary' }).click();
  await expect(async () => expect(await armsOf(20)).toEqual({ stable: 20 })).toPass({ timeout: 60_000 });
});

test('a canary is stopped from a page that does not know the newest weights', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  const path = '/apis/orders/routes/orders/weights';
  await signIn(page);
  await call(page, 'PUT', path, { weights: { stable: 9000, canary: 1000 } });
  await page.goto(`${consoleUrl}/${demo.tenant}/apis/orders/routes/orders`);
  await expect(page.getByRole('button', { name: 'Stop canary' })).toBeEnabled();
  await call(page, 'PUT', path, { weights: { stable: 5000, canary: 5000 } });
  await page.getByRole('button', { name: 'Stop canary' }).click();
  await expect.poll(async () => call(page, 'GET', path)).toMatchObject({ weights: { stable: 10_000, canary: 0 } });
});

test('a canary is stopped while other weights are still being set', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  const path = '/apis/orders/routes/orders/weights';
  await signIn(page);
  await call(page, 'PUT', path, { weights: { stable: 9000, canary: 1000 } });
  await page.goto(`${consoleUrl}/${demo.tenant}/apis/orders/routes/orders`);
  const held = Promise.withResolvers<Route>();
  await page.route(`**${path}`, held.resolve, { times: 1 });
  await page.getByRole('textbox', { name: 'canary' }).fill('5');
  await page.getByRole('textbox', { name: 'canary' }).press('Enter');
  await page.getByRole('button', { name: 'Set weights' }).click();
  const late = await held.promise;
  await page.getByRole('button', { name: 'Stop canary' }).click();
  await expect.poll(async () => call(page, 'GET', path)).toMatchObject({ weights: { stable: 10_000, canary: 0 } });
  // What was on its way is of older weights, and is refused.
  const answered = page.waitForResponse((res) => res.request() === late.request());
  await late.continue();
  expect((await answered).status()).toBe(412);
});

test('the numbers of home come from what was really sent', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await armsOf(30);
  await expect(async () => {
    await page.goto(`${consoleUrl}/${demo.tenant}?range=15m`);
    await expect(page.getByText(/Requests/).first()).toBeVisible({ timeout: 2000 });
    const text = await page.getByRole('main').innerText();
    expect(text).not.toContain('Nothing has called you yet');
  }).toPass({ timeout: 60_000 });
  await expectAccessible(page);
});

test('a member sees another tenant as if it did not exist', async ({ page }) => {
  await signIn(page);
  const res = await page.goto(`${theStack().consoleUrl}/somebody-else`);
  expect(res?.status()).toBe(404);
});

const pages = [
  'apis',
  'apis/orders',
  'upstreams',
  'plans',
  'revisions',
  'revisions/1',
  'requests',
  'applications',
  'members',
];
for (const path of [...pages, 'settings/domains', 'settings/secrets']) {
  test(`axe finds nothing on the console page ${path}, in both themes`, async ({ page }) => {
    const { consoleUrl, demo } = theStack();
    await signIn(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${consoleUrl}/${demo.tenant}/${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page);
    }
  });
}
