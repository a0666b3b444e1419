// What the browser tests know of the running platform, and a person's two outside tools: the mailbox and curl.
import { waitFor, type Platform } from '@sluice/local-stack';

export interface Stack {
  readonly consoleUrl: string;
  readonly mailUrl: string;
  readonly demo: NonNullable<Platform['demo']>;
  readonly gatewayUrls: readonly string[];
}

const variable = 'SLUICE_BROWSER_STACK';

/** Playwright's tests run in processes of their own: the stack's addresses reach them by the environment. */
export function rememberStack(stack: Stack): void {
  process.env[variable] = JSON.stringify(stack);
}

export function theStack(): Stack {
  const text = process.env[variable];
  if (text === undefined) throw new Error('global-setup has not brought the stack up');
  return JSON.parse(text) as Stack;
}

/** A tenant's developer portal: `http://acme.localhost:<port>`. */
export function portalUrl(tenant: string): string {
  const url = new URL(theStack().consoleUrl);
  return `${url.protocol}//${tenant}.${url.host}`;
}

/** The six digits of the newest mail to an address. */
export async function codeFor(email: string): Promise<string> {
  return waitFor(
    async () => {
      const res = await fetch(`${theStack().mailUrl}/api/messages?to=${encodeURIComponent(email)}`);
      const messages = (await res.json()) as { text: string }[];
      return messages.map((message) => /\b\d{6}\b/.exec(message.text)?.[0]).find((code) => code !== undefined);
    },
    { timeoutMs: 60_000, what: `the mail with the code for ${email}` },
  );
}
