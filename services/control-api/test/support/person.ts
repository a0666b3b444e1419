// A person with a browser's cookies, or a program: speaks to the API and keeps what it is told.
import { waitFor } from '@sluice/local-stack';
import type { Problem } from '@sluice/contracts';
import type { ControlPlane } from './control-plane.js';

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export class Person {
  readonly email: string;
  readonly password: string;
  readonly #plane: Pick<ControlPlane, 'url' | 'mail'>;
  readonly #cookies = new Map<string, string>();

  constructor(plane: Pick<ControlPlane, 'url' | 'mail'>, email: string, password = 'a password for tests') {
    this.#plane = plane;
    this.email = email;
    this.password = password;
  }

  get cookies(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const res = await fetch(this.#plane.url + path, {
      method,
      headers: {
        ...(this.#cookies.size === 0 ? {} : { cookie: this.cookies }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of res.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0/i.test(cookie)) this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await res.text();
    const isJson = /[/+]json\b/.test(res.headers.get('content-type') ?? '');
    const told: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
    return { status: res.status, headers: res.headers, body: told as T };
  }

  /** Sends, and fails the test with the problem's own words when the answer is not a success. */
  async ask<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.send<T | Problem>(method, path, body, headers);
    if (answer.status >= 400)
      throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }

  async signUp(): Promise<this> {
    await this.ask('POST', '/v1/auth/sign-up/email', { email: this.email, password: this.password });
    await this.ask('POST', '/v1/auth/email-otp/verify-email', { email: this.email, otp: await this.code() });
    return this;
  }

  /** That of the newest mail which brings one: an invitation may come at the same time. */
  async code(): Promise<string> {
    const codes = (): string[] =>
      this.#plane.mail.messages(this.email).flatMap(({ subject }) => /^\d{6}/.exec(subject)?.[0] ?? []);
    return waitFor(() => codes()[0], { what: `a mail with a code comes for ${this.email}` });
  }
}
