// A signed-in person at the control API: cookies kept, JSON in and out, and problems as errors in the API's own words.
import type { RunningMailSink } from '../mail/mail-sink.js';
import { waitFor } from '../wait-for.js';

export class ControlApiError extends Error {
  override readonly name = 'ControlApiError';
  readonly status: number;
  readonly code: string;

  constructor(what: string, status: number, code: string, detail: string) {
    super(`${what} answered ${status}: ${detail}`);
    this.status = status;
    this.code = code;
  }
}

export class DemoSession {
  readonly #controlUrl: string;
  readonly #mail: RunningMailSink;
  readonly #cookies = new Map<string, string>();

  constructor(controlUrl: string, mail: RunningMailSink) {
    this.#controlUrl = controlUrl;
    this.#mail = mail;
  }

  /** Signs in; signs up first where there is no such account, and sets the password anew where it has another one. */
  async enter(email: string, password: string): Promise<void> {
    const problem = await this.#trySignIn(email, password);
    if (problem === undefined) return;
    if (problem === 'address_unverified') {
      const code = await this.#codeAfter(email, '/v1/auth/email-otp/send-verification-otp', { email });
      await this.send('POST', '/v1/auth/email-otp/verify-email', { email, otp: code });
      return;
    }
    const code = await this.#codeAfter(email, '/v1/auth/sign-up/email', { email, password, name: 'Demo' });
    if (code !== undefined) {
      await this.send('POST', '/v1/auth/email-otp/verify-email', { email, otp: code });
      return;
    }
    // The address has an account: its mail tells that, without a code.
    const reset = await this.#codeAfter(email, '/v1/auth/email-otp/request-password-reset', { email });
    await this.send('POST', '/v1/auth/email-otp/reset-password', { email, otp: reset, password });
    const still = await this.#trySignIn(email, password);
    if (still !== undefined) throw new Error(`The demo's account cannot be signed in to: ${still}.`);
  }

  async get<T>(path: string): Promise<T> {
    return (await this.send('GET', path)) as T;
  }

  async post<T>(path: string, body: object = {}): Promise<T> {
    return (await this.send('POST', path, body)) as T;
  }

  /** `undefined` where there is no such thing. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof ControlApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  async send(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.#controlUrl + path, {
      method,
      headers: {
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.#cookies.set(name.trim(), value);
    }
    const text = await response.text();
    if (response.ok) return text === '' ? undefined : JSON.parse(text);
    const problem = readProblem(text);
    throw new ControlApiError(`${method} ${path}`, response.status, problem.code, problem.detail);
  }

  async #trySignIn(email: string, password: string): Promise<string | undefined> {
    try {
      await this.send('POST', '/v1/auth/sign-in/email', { email, password });
      return undefined;
    } catch (error) {
      if (error instanceof ControlApiError && error.status < 500) return error.code;
      throw error;
    }
  }

  /** Asks for a mail, waits for it, and returns its six digits, if it has any. */
  async #codeAfter(email: string, path: string, body: object): Promise<string | undefined> {
    const known = new Set(this.#mail.messages(email).map(({ id }) => id));
    await this.send('POST', path, body);
    const mail = await waitFor(() => this.#mail.messages(email).find(({ id }) => !known.has(id)), {
      timeoutMs: 15_000,
      what: `a mail to ${email} arrives`,
    });
    return /\b\d{6}\b/.exec(mail.text)?.[0];
  }
}

const readProblem = (text: string): { code: string; detail: string } => {
  try {
    const problem = JSON.parse(text) as {
      code?: string;
      detail?: string;
      errors?: { pointer: string; message: string }[];
    };
    const fields = (problem.errors ?? []).map((error) => `${error.pointer}: ${error.message}`);
    return { code: problem.code ?? '', detail: [problem.detail ?? text, ...fields].join('; ') };
  } catch {
    return { code: '', detail: text.slice(0, 300) };
  }
};
