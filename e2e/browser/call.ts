// The public API, called as the page itself calls it: same origin, the session's cookie.
import type { Page } from '@playwright/test';
import { theStack } from './stack.js';

/** Below the demo tenant's environment. */
export async function call(page: Page, method: string, path: string, body?: unknown): Promise<unknown> {
  return callAt(page, method, `/v1/tenants/${theStack().demo.tenant}/environments/production${path}`, body);
}

export async function callAt(page: Page, method: string, path: string, body?: unknown): Promise<unknown> {
  return page.evaluate(
    async ([url, verb, text]) => {
      const res = await fetch(url, {
        method: verb,
        ...(text === undefined ? {} : { body: text, headers: { 'content-type': 'application/json' } }),
      });
      if (!res.ok) throw new Error(`${verb} ${url}: ${res.status} ${await res.text()}`);
      return res.status === 204 ? undefined : ((await res.json()) as unknown);
    },
    [path, method, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
}
