// A request that is never sent, explained in the console.
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { signIn } from './sign-in.js';
import { theStack } from './stack.js';

test('a request is explained on live: why it is refused, then where it goes with a key', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await page.goto(`${consoleUrl}/${demo.tenant}/requests`);
  await page.getByRole('link', { name: 'Explain a request' }).click();
  await expect(page.getByText('Nothing is explained yet.')).toBeVisible();
  await page.getByLabel('URL').fill(`http://${demo.host}${demo.basePath}/orders/7?page=2`);
  await page.getByRole('textbox', { name: 'Headers' }).fill('x-secret: told to nobody');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  const explanation = page.getByRole('region', { name: 'Explanation' });
  await expect(explanation).toContainText('401');
  await expect(explanation.getByRole('listitem').filter({ hasText: 'was missing' })).toContainText('Authenticate');
  await expectAccessible(page);

  await page.getByLabel('As the application').selectOption({ index: 1 });
  await expect(page.getByLabel('With the key')).toHaveValue(/^key_/);
  await expect(explanation).toContainText('The request has changed since.');
  await page.getByLabel('URL').press('Enter');
  await expect(explanation).toContainText(/goes on to the upstream orders-v[12] as \/orders\/7\?page=2/);
  await expect(explanation).toContainText('What the upstream would get');
  await expect(explanation.getByRole('table')).toContainText('per hour');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }

  // The address is what a copied link shows; what may be secret is not in it.
  await expect(page).toHaveURL(/credential=key_/);
  expect(page.url()).not.toContain('secret');
  await page.setViewportSize({ width: 360, height: 800 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test('a URL that is none is refused at its field', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await page.goto(`${consoleUrl}/${demo.tenant}/requests/explain`);
  await page.getByLabel('URL').fill('orders/7');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await expect(page.getByLabel('URL')).toBeFocused();
  await expect(page.getByText(/Write the whole URL/)).toBeVisible();
});
