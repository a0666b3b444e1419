// People of a tenant: from an invitation to what their role may see and change.
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { callAt } from './call.js';
import { signIn } from './sign-in.js';
import { codeFor, theStack } from './stack.js';

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
