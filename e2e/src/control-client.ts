// The public API as a person's program would use it: a cookie jar, JSON in and out, and problems as errors
// that say what the API said. Nothing here reaches behind the API.
import type { Problem } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';

export class ControlClient {
  readonly #cookies = new Map<string, string>();

  constructor(
    private readonly controlUrl: string,
    private readonly mailUrl: string,
  ) {}

  /** Registers a person, reads the six digits from the mail sink, and is signed in afterwards. */
  async signUp(email: string, password: string): Promise<void> {
    await this.post('/v1/auth/sign-up/email', { email, password, name: email.split('@')[0] });
    await this.post('/v1/auth/email-otp/verify-email', { email, otp: await this.#codeFor(email) });
  }

  async get<T>(path: string): Promise<T> {
    return this.#send<T>('GET', path);
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.#send<T>('POST', path, body);
  }

  async put<T>(path: string, body: unknown): Promise<T> {
    return this.#send<T>('PUT', path, body);
  }

  async delete(path: string): Promise<void> {
    await this.#send('DELETE', path);
  }

  async #send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const res = await fetch(this.controlUrl + path, {
      method,
      headers: {
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const cookie of res.headers.getSetCookie()) this.#keep(cookie);
    const text = await res.text();
    if (!res.ok) throw new Error(`${method} ${path} answered ${res.status}: ${inWords(text)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const at = pair.indexOf('=');
    this.#cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }

  async #codeFor(email: string): Promise<string> {
    return waitFor(
      async () => {
        const res = await fetch(`${this.mailUrl}/api/messages?to=${encodeURIComponent(email)}`);
        const messages = (await res.json()) as { text: string }[];
        return messages.map((message) => /\b\d{6}\b/.exec(message.text)?.[0]).find((code) => code !== undefined);
      },
      { timeoutMs: 15_000, what: `the mail with the code for ${email}` },
    );
  }
}

function inWords(text: string): string {
  try {
    const problem = JSON.parse(text) as Problem;
    const fields = (problem.errors ?? []).map((error) => `${error.pointer}: ${error.message}`);
    return [`${problem.code}: ${problem.detail}`, ...fields].join('; ');
  } catch {
    return text.slice(0, 300);
  }
}
