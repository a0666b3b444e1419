// Signing in as the demo tenant's owner.
import type { Page } from '@playwright/test';
import { theStack } from './stack.js';

export async function signIn(page: Page): Promise<void> {
  const { consoleUrl, demo } = theStack();
  await page.goto(`${consoleUrl}/sign-in`);
  await page.getByLabel('Mail address').fill(demo.email);
  await page.getByLabel('Password').fill(demo.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`**/${demo.tenant}`);
}
