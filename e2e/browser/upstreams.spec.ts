// Upstreams in their form: everything that they can say is shown, kept and refused at its field.
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { call } from './call.js';
import { signIn } from './sign-in.js';
import { theStack } from './stack.js';

test('a name and a URL make an upstream, and everything else is folded', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await page.goto(`${consoleUrl}/${demo.tenant}/upstreams?new=1`);
  await expect(page.getByText('out for 30 s after 5 failures in a row')).toBeVisible();
  await expect(page.getByLabel('First byte, ms')).toBeHidden();
  await page.getByLabel('Name', { exact: true }).fill('quick');
  await page.getByLabel('Target URL').fill('http://127.0.0.1:9');
  await page.getByRole('button', { name: 'Create upstream' }).click();
  await page.waitForURL(`**/${demo.tenant}/upstreams`);
  const made = (await call(page, 'GET', '/upstreams/quick')) as object;
  expect(Object.keys(made).toSorted()).toEqual(['createdAt', 'id', 'name', 'targets', 'timeoutMs', 'updatedAt']);
  await call(page, 'DELETE', '/upstreams/quick');
});

test('an upstream that says everything is kept whole by the form, and changed where somebody changes it', async ({
  page,
}) => {
  const { consoleUrl, demo } = theStack();
  const spec = {
    targets: [
      { url: 'https://a.example.com/v1', weight: 3, resolve: 'all' },
      { url: 'https://b.example.com', weight: 1 },
    ],
    timeoutMs: 4000,
    balance: 'consistent-hash',
    hashBy: 'cookie:Session.id',
    health: {
      path: '/up?deep=1',
      intervalMs: 60_000,
      timeoutMs: 900,
      unhealthyAfter: 4,
      healthyAfter: 3,
      statuses: ['2xx', 404],
    },
    ejection: {
      consecutive5xx: 0,
      consecutiveGatewayErrors: 9,
      consecutiveConnectFailures: 2,
      baseMs: 5000,
      maxMs: 600_000,
      maxPercent: 20,
      panicPercent: 0,
    },
    limits: { connections: 64, pending: 0, requests: 2000, retries: 3 },
    timeouts: { connectMs: 700, idleMs: 60_000, keepAliveMs: 0 },
    tls: {
      ca: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
      clientCertificate: 'to-users',
      serverName: 'users.internal',
      insecure: false,
    },
    reuse: 'credential',
    identity: { token: true },
  };
  await signIn(page);
  await call(page, 'POST', '/upstreams', { name: 'whole', ...spec });
  await page.goto(`${consoleUrl}/${demo.tenant}/upstreams/whole`);
  await expect(page.getByLabel('Cookie')).toHaveValue('Session.id');
  await expectAccessible(page);
  await page.getByLabel('Connections to each target').fill('2,048');
  await page.getByRole('button', { name: 'Save to the draft' }).click();
  await page.waitForURL(`**/${demo.tenant}/upstreams`);
  expect(await call(page, 'GET', '/upstreams/whole')).toMatchObject({
    ...spec,
    limits: { ...spec.limits, connections: 2048 },
  });
  await call(page, 'DELETE', '/upstreams/whole');
});

test('what is wrong in a folded part opens it, and stands there with its remedy', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await page.goto(`${consoleUrl}/${demo.tenant}/upstreams?new=1`);
  await page.getByLabel('Name', { exact: true }).fill('refused');
  await page.getByLabel('Target URL').fill('http://127.0.0.1:9');
  await page.getByText('Timeouts').click();
  await page.getByLabel('Connect, ms').fill('soon');
  await page.getByText('Timeouts').click();
  await expect(page.getByLabel('Connect, ms')).toBeHidden();
  await page.getByRole('button', { name: 'Create upstream' }).click();
  await expect(page.getByLabel('Connect, ms')).toBeFocused();
  await expect(page.getByText('Write a whole number from 1 to 60,000, or nothing.')).toBeVisible();
  await expectAccessible(page);
});

test('nothing goes or changes its words under the hand that types', async ({ page }) => {
  const { consoleUrl, demo } = theStack();
  await signIn(page);
  await call(page, 'POST', '/upstreams', { name: 'held', targets: [{ url: 'http://127.0.0.1:9', weight: 3 }] });
  await page.goto(`${consoleUrl}/${demo.tenant}/upstreams/held`);
  const weight = page.getByLabel('Weight');
  await weight.fill('');
  await expect(weight).toBeVisible();

  await page.getByText('Ejection', { exact: true }).click();
  const longest = page.getByLabel('Longest ejection, ms');
  await longest.fill('long');
  await page.getByText('Ejection', { exact: true }).click();
  await page.getByRole('button', { name: 'Save to the draft' }).click();
  const remedy = page.getByText('Write a whole number from 1,000 to 86,400,000, or nothing.');
  await expect(remedy).toBeVisible();
  await longest.fill('400,000');
  await expect(remedy).toBeVisible();
  await page.getByLabel('Target URL').fill('nowhere');
  await longest.press('Enter');
  await expect(page.getByLabel('Target URL')).toHaveAttribute('aria-invalid', 'true');
  await expect(longest).toBeVisible();
  await call(page, 'DELETE', '/upstreams/held');
});
