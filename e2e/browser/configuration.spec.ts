// Plans and routes made and changed in the forms. What the forms do not show must survive them.
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { call } from './call.js';
import { signIn } from './sign-in.js';
import { theStack } from './stack.js';

test('a plan with a quota and a rate is made in the form, and says its limits in words', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await page.goto(`${consoleUrl}/${demo.tenant}/plans?new=1`);
  await page.getByLabel('Title').fill('Silver');
  await page.getByLabel('Kind').selectOption('rate');
  await page.getByLabel('Units per time').fill('100/second');
  await page.getByLabel('Burst').fill('20');
  await page.getByRole('button', { name: 'Add a limit' }).click();
  await page.getByLabel('Units', { exact: true }).fill('10,000');
  await page.getByLabel('Counted from').selectOption('subscription');
  await page.getByLabel('When it cannot be checked').nth(1).selectOption('local');
  await expect(page.getByText('100 requests a second, evenly, 20 at once', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create plan' }).click();

  await page.waitForURL(`**/${demo.tenant}/plans`);
  await expect(page.getByRole('row', { name: /Silver/ })).toContainText(
    '100 requests a second, evenly, 20 at once; 10,000 requests a month from the start of the subscription',
  );
  expect(await call(page, 'GET', '/plans/silver')).toMatchObject({
    limits: [
      { rate: '100/second', burst: 20, onOutage: 'deny' },
      { quota: '10000/month', anchor: 'subscription', onOutage: 'local' },
    ],
  });
});

test('a limit that is none is refused at its field, and nothing typed is lost', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await page.goto(`${consoleUrl}/${demo.tenant}/plans?new=1`);
  await page.getByLabel('Title').fill('Broken');
  await page.getByLabel('Units per window').fill('often');
  await page.getByRole('button', { name: 'Create plan' }).click();
  const field = page.getByLabel('Units per window');
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText(/Write units\/time/)).toBeVisible();
  await expect(page.getByLabel('Title')).toHaveValue('Broken');
});

test('a route with a template path is kept whole by the form', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  const spec = {
    match: {
      path: { template: '/customers/{id}/orders' },
      headers: [{ name: 'x-beta', exact: 'yes' }],
      query: [{ name: 'debug', present: false }],
      priority: 7,
    },
    rewrite: '/orders/{id}',
    cost: { max: 5, header: 'x-cost' },
    policies: [{ 'api-key': { header: 'x-api-key' } }, { cors: { origins: ['https://app.example.com'] } }],
    split: {
      sticky: 'header:x-user',
      arms: [
        { name: 'stable', upstream: 'orders-v1', weight: 9950 },
        { name: 'canary', upstream: 'orders-v2', weight: 50 },
      ],
    },
  };
  await signIn(page);
  await call(page, 'POST', '/apis/orders/routes', { name: 'by-customer', ...spec });
  await page.goto(`${consoleUrl}/${demo.tenant}/apis/orders/routes/by-customer`);
  await expect(page.getByLabel('Text of the path')).toHaveValue('/customers/{id}/orders');
  await expectAccessible(page);
  await page.getByRole('checkbox', { name: 'DELETE' }).check();
  await page.getByRole('button', { name: 'Save to the draft' }).click();
  await page.waitForURL(`**/${demo.tenant}/apis/orders`);
  await expect(page.getByRole('row', { name: /by-customer/ })).toContainText('/customers/{id}/orders');
  expect(await call(page, 'GET', '/apis/orders/routes/by-customer')).toMatchObject({
    ...spec,
    match: { ...spec.match, methods: ['DELETE'] },
  });
  await call(page, 'DELETE', '/apis/orders/routes/by-customer');
});

test('an expression that cannot be read is refused at the path', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await page.goto(`${consoleUrl}/${demo.tenant}/apis/orders?new=route`);
  await page.getByLabel('Name', { exact: true }).fill('refused');
  await page.getByLabel('Path', { exact: true }).selectOption('regex');
  await page.getByLabel('Text of the path').fill('/users/(');
  await page.getByLabel('Its requests').selectOption('redirect');
  await page.getByLabel('To', { exact: true }).fill('https://app.example.com{path}');
  await page.getByRole('button', { name: 'Add route' }).click();
  await expect(page.getByLabel('Text of the path')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Text of the path')).toBeFocused();
  await expectAccessible(page);
});

test('what the server refuses in a policy stands at that policy', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await page.goto(`${consoleUrl}/${demo.tenant}/apis/orders?new=route`);
  await page.getByLabel('Name', { exact: true }).fill('refused');
  await page.getByRole('button', { name: 'Add a policy' }).click();
  await page.getByRole('textbox', { name: 'Policy' }).fill('cors');
  const settings = page.getByLabel('Settings of cors');
  await settings.fill('{ "origins": ["app.example.com"] }');
  await page.getByRole('button', { name: 'Add route' }).click();
  await expect(settings).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText(/origins\/0: .*write an origin/i)).toBeVisible();
  await expect(settings).toHaveValue('{ "origins": ["app.example.com"] }');
});

test('a route is told what to try again, beside its upstreams', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  const split = { sticky: 'none', arms: [{ name: 'stable', upstream: 'orders-v1', weight: 10_000 }] };
  await signIn(page);
  await call(page, 'POST', '/apis/orders/routes', {
    name: 'tried',
    match: { path: { exact: '/tried' } },
    split,
  });
  await page.goto(`${consoleUrl}/${demo.tenant}/apis/orders/routes/tried`);
  await page.getByText('Tries', { exact: true }).click();
  await page.getByLabel('Send a request again').check();
  await page.getByLabel('Answers worth another try').fill('503, gone');
  await page.getByRole('button', { name: 'Save to the draft' }).click();
  await expect(page.getByLabel('Answers worth another try')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await page.getByLabel('Answers worth another try').fill('503, 429');
  await page.getByLabel('Tries beyond the first').fill('3');
  await page.getByLabel('Send a request again').uncheck();
  await page.getByLabel('Send a request again').check();
  await page.getByRole('button', { name: 'Save to the draft' }).click();
  await page.waitForURL(`**/${demo.tenant}/apis/orders`);
  expect(await call(page, 'GET', '/apis/orders/routes/tried')).toMatchObject({
    policies: [{ retries: { attempts: 3, statuses: [503, 429] } }],
  });
  await call(page, 'DELETE', '/apis/orders/routes/tried');
});

test('a policy stays where it is written, though fields could show it', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await page.goto(`${consoleUrl}/${demo.tenant}/apis/orders?new=route`);
  await page.getByRole('button', { name: 'Add a policy' }).click();
  const name = page.getByRole('textbox', { name: 'Policy' });
  await name.pressSequentially('retries');
  await expect(name).toBeFocused();
  await expect(page.getByLabel('Settings of retries')).toHaveValue('{}');
  await expect(page.getByLabel('Tries beyond the first')).toHaveCount(0);
});
