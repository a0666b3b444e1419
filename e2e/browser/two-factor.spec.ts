// A person switches two-factor on, signs in with it, with a backup code, and switches it off again.
import { createHmac } from 'node:crypto';
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { codeFor, theStack } from './stack.js';

const email = 'factor@browser.test';
const password = 'a password for browsers';

test('two-factor: on, sign in with the app, sign in with a backup code, off', async ({ page }) => {
  const { consoleUrl } = theStack();
  await page.goto(`${consoleUrl}/sign-up`);
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Organisation').fill('Factor');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Code').fill(await codeFor(email));
  await page.waitForURL('**/factor/start');

  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Account' }).click();
  await expect(page.getByText('Off', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await page.getByLabel('Your password').fill('not this one');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('The current password is wrong')).toBeVisible();
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: 'Go on' }).click();
  const secret = (await page.getByLabel('the key for the app').first().textContent()) ?? '';
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await expectAccessible(page);
  const app = appOf(secret.trim());
  await page.getByLabel('Code of the authenticator app').fill(app());
  const items = page.getByRole('list', { name: 'Backup codes' }).getByRole('listitem');
  await expect(items).toHaveCount(10);
  const codes = await items.allTextContents();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('They cannot be shown again')).toBeVisible();
  await page.getByRole('button', { name: 'Go on without them' }).click();
  await expect(page.getByText('10 backup codes are left')).toBeVisible();

  await signOut(page);
  await givePassword(page);
  await page.getByLabel('Code of the authenticator app').fill(app());
  await page.waitForURL('**/factor**');

  await signOut(page);
  await givePassword(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Use a backup code' }).click();
  await page.getByLabel('Backup code').fill('aaaa-aaaa-aaaa');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('The code is wrong or was used: type another backup code.')).toBeVisible();
  await page.getByLabel('Backup code').fill(codes[0] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/factor**');

  await page.goto(`${consoleUrl}/account`);
  await expect(page.getByText('9 backup codes are left')).toBeVisible();
  await page.getByRole('button', { name: 'Switch it off' }).click();
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: 'Switch it off' }).click();
  await expect(page.getByText('Off', { exact: true })).toBeVisible();
});

async function signOut(page: Page): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`${theStack().consoleUrl}/sign-in`);
}

async function givePassword(page: Page): Promise<void> {
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Second step' })).toBeVisible();
}

/** Codes of RFC 6238, each given once: within one half minute the next one comes early, which servers take. */
function appOf(secret: string): () => string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = Array.from(secret, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  let last = 0;
  return () => {
    last = Math.max(Math.floor(Date.now() / 30_000), last + 1);
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(last));
    const mac = createHmac('sha1', key).update(counter).digest();
    const at = (mac.at(-1) ?? 0) & 15;
    return String((mac.readUInt32BE(at) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
  };
}
