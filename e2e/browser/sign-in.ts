// Signing in as the demo tenant's owner: by the form once in each worker, and from then on by the session that it gave.
import type { Page } from '@playwright/test';
import { theStack } from './stack.js';

type Cookies = Awaited<ReturnType<ReturnType<Page['context']>['cookies']>>;

let session: Cookies | undefined;

/** The page is then somewhere in the console, from where a test goes to what it is about. */
export async function signIn(page: Page): Promise<void> {
  const { consoleUrl } = theStack();
  if (session === undefined) {
    await signInByForm(page);
    session = await page.context().cookies();
    return;
  }
  await page.context().addCookies(session);
  // The smallest thing of the same origin: from there the API can be called.
  await page.goto(`${consoleUrl}/icon.svg`);
}

async function signInByForm(page: Page): Promise<void> {
  const { consoleUrl, demo } = theStack();
  await page.goto(`${consoleUrl}/sign-in`);
  await page.getByLabel('Mail address').fill(demo.email);
  await page.getByLabel('Password').fill(demo.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`**/${demo.tenant}`);
}
