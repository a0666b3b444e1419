// Upstreams in their form: everything that they can say is shown, kept and refused at its field.
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { call, callAt } from './call.js';
import { signIn } from './sign-in.js';
import { codeFor, theStack } from './stack.js';

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
  await page.getByRole('button', { name: 'Save to the draft' }).click();
  await page.waitForURL(`**/${demo.tenant}/apis/orders`);
  expect(await call(page, 'GET', '/apis/orders/routes/tried')).toMatchObject({
    policies: [{ retries: { attempts: 3, statuses: [503, 429] } }],
  });
  await call(page, 'DELETE', '/apis/orders/routes/tried');
});

test('who is invited signs up without an organisation, reads everything and changes nothing', async ({
  page,
  browser,
}) => {
  const { consoleUrl, demo, mailUrl } = theStack();
  const email = `reader-${Date.now().toString(36)}@example.test`;
  await signIn(page);
  await callAt(page, 'POST', `/v1/tenants/${demo.tenant}/members`, { email, role: 'viewer' });
  const invitation = async () => {
    const res = await fetch(`${mailUrl}/api/messages?to=${encodeURIComponent(email)}`);
    return ((await res.json()) as { text: string }[]).map(({ text }) => /http\S+\/sign-up\S+/.exec(text)?.[0])[0] ?? '';
  };
  await expect.poll(invitation).not.toBe('');
  const guest = await (await browser.newContext()).newPage();
  await guest.goto(await invitation());
  await expect(guest.getByLabel('Mail address')).toHaveValue(email);
  await expect(guest.getByLabel('Organisation')).toHaveCount(0);
  await guest.getByLabel('Password').fill('correct horse battery');
  await guest.getByRole('button', { name: 'Continue' }).click();
  await guest.waitForURL('**/verify?*');
  await guest.getByLabel('Code').fill(await codeFor(email));
  await guest.waitForURL(`**/${demo.tenant}`);
  await guest.goto(`${consoleUrl}/${demo.tenant}/upstreams/orders-v1`);
  await expect(guest.getByRole('button', { name: 'Save to the draft' })).toHaveCount(0);
  // Folded parts open for who may only read, too.
  await guest.getByText('Timeouts').click();
  await expect(guest.getByLabel('First byte, ms')).toBeVisible();
  await expect(guest.getByLabel('First byte, ms')).toBeDisabled();
  await expectAccessible(guest);
  await guest.context().close();
});
