// A client that sends bytes as they are, and reads what comes back by the letter.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';

export interface SeenAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

export class RawClient {
  readonly answers: SeenAnswer[] = [];
  /** What came and is not an answer, or not a whole one. */
  rest = '';
  isClosed = false;
  readonly #socket: Socket;
  readonly #isHead: (index: number) => boolean;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket, isHead: (index: number) => boolean) {
    this.#socket = socket;
    this.#isHead = isHead;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      this.rest += bytes.toString('latin1');
      this.#read();
      this.#wake?.();
    });
    socket.on('end', () => this.#close());
    socket.on('error', () => this.#close());
  }

  /** @param isHead whether the answer of this number is one to HEAD. */
  static async to(port: number, isHead: (index: number) => boolean = () => false): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawClient(socket, isHead);
  }

  async write(bytes: string): Promise<void> {
    if (this.#socket.destroyed || this.isClosed) return;
    await new Promise<void>((resolve) => this.#socket.write(bytes, 'latin1', () => resolve()));
    // Lets the other side read what came so far on its own: whether it does must make no difference.
    await new Promise((resolve) => setImmediate(resolve));
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Resolves when so many answers are there, or the connection has ended, or `timeoutMs` have passed. */
  async until(count: number, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.answers.length < count && !this.isClosed) {
      const left = deadline - performance.now();
      if (left <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #close(): void {
    this.isClosed = true;
    this.#socket.destroy();
    this.#wake?.();
  }

  #read(): void {
    for (;;) {
      const headEnd = this.rest.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const head = this.rest.slice(0, headEnd);
      const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
      const hasBody = status >= 200 && status !== 204 && status !== 304 && !this.#isHead(this.answers.length);
      const length = hasBody ? Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0) : 0;
      const bodyAt = headEnd + 4;
      if (this.rest.length < bodyAt + length) return;
      this.answers.push({ status, head, body: this.rest.slice(bodyAt, bodyAt + length) });
      this.rest = this.rest.slice(bodyAt + length);
    }
  }
}
