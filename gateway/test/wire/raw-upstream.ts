// An upstream that takes down every byte. It reads requests by the letter and no further: what it cannot read as one, it
// keeps as a complaint, and a gateway that made it complain has failed.
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly head: string;
  readonly body: string;
}

export class RawUpstream {
  readonly seen: SeenRequest[] = [];
  /** Heads of requests that were begun, whole or not. */
  readonly begun: string[] = [];
  readonly complaints: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      this.#serve(socket);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    let text = '';
    let hasBegun = false;
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        if (end === -1) return;
        if (!hasBegun) this.begun.push(text.slice(0, end));
        hasBegun = true;
        const read = readMessage(text, end);
        if (read === undefined) return;
        if (typeof read === 'string') {
          this.complaints.push(`${read}: ${JSON.stringify(text)}`);
          socket.destroy();
          return;
        }
        text = text.slice(read.length);
        hasBegun = false;
        this.seen.push(read.request);
        const { method, path, body } = read.request;
        const answer = `${method} ${path} ${body.length}`;
        const answerHead = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${answer.length}\r\n\r\n`;
        socket.write(method === 'HEAD' ? answerHead : answerHead + answer);
      }
    });
  }
}

const requestLine = /^([A-Z-]+) (\/[!-~]*) HTTP\/1\.1$/;
const fieldLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?([\t -~\x80-\xFF]*)$/;

/** Undefined: not whole yet. A string: what is wrong with it. */
function readMessage(text: string, headEnd: number): { request: SeenRequest; length: number } | string | undefined {
  const head = text.slice(0, headEnd);
  const [first = '', ...lines] = head.split('\r\n');
  const line = requestLine.exec(first);
  if (line === null) return 'not a request line';
  const values = new Map<string, string[]>();
  for (const one of lines) {
    const field = fieldLine.exec(one);
    if (field === null) return 'not a field';
    const name = (field[1] ?? '').toLowerCase();
    values.set(name, [...(values.get(name) ?? []), field[2] ?? '']);
  }
  if (values.get('host')?.length !== 1) return 'not one Host';
  const lengths = values.get('content-length') ?? [];
  const codings = values.get('transfer-encoding') ?? [];
  if (lengths.length + codings.length > 1) return 'more than one framing';
  const bodyAt = headEnd + 4;
  const body =
    codings.length === 0 ? ofLength(text.slice(bodyAt), lengths[0] ?? '0') : dechunked(text.slice(bodyAt), codings[0]);
  if (body === undefined || typeof body === 'string') return body;
  const request = { method: line[1] ?? '', path: line[2] ?? '', head, body: body.bytes };
  return { request, length: bodyAt + body.length };
}

type Body = { bytes: string; length: number } | string | undefined;

function ofLength(text: string, value: string): Body {
  if (!/^\d+$/.test(value)) return 'not a length';
  const length = Number(value);
  return text.length < length ? undefined : { bytes: text.slice(0, length), length };
}

function dechunked(text: string, coding: string | undefined): Body {
  if (coding !== 'chunked') return 'not chunked';
  let bytes = '';
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const line = text.slice(at, lineEnd);
    if (!/^[0-9a-f]+$/.test(line)) return 'not a chunk size';
    const size = Number.parseInt(line, 16);
    const end = lineEnd + 2 + size;
    if (text.length < end + 2) return undefined;
    if (text.slice(end, end + 2) !== '\r\n') return 'a chunk does not end where it says';
    if (size === 0) return { bytes, length: end + 2 };
    bytes += text.slice(lineEnd + 2, end);
    at = end + 2;
  }
}
