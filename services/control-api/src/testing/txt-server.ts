// For tests: a DNS server of TXT records, over UDP (RFC 1035). What it does not know does not exist; of some names it says that it
// fails, and of some nothing at all.
import { createSocket, type Socket } from 'node:dgram';

const typeTxt = 16;
const rcodes = { noError: 0, serverFailure: 2, nameError: 3, refused: 5 } as const;

export class TxtServer {
  /** By name in lower case: records, each of one string or several. */
  readonly records = new Map<string, readonly (string | readonly string[])[]>();
  readonly failing = new Set<string>();
  readonly refusing = new Set<string>();
  readonly silent = new Set<string>();
  /** How often each name was asked for. */
  readonly asked = new Map<string, number>();
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (query, { port, address }) => {
      const answer = this.#answer(query);
      if (answer !== undefined) socket.send(answer, port, address);
    });
  }

  static async start(): Promise<TxtServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new TxtServer(socket);
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #answer(query: Buffer): Buffer | undefined {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const name = labels.join('.').toLowerCase();
    this.asked.set(name, (this.asked.get(name) ?? 0) + 1);
    if (this.silent.has(name)) return undefined;
    const known = this.records.get(name);
    const isOfTxt = query.readUInt16BE(at + 1) === typeTxt;
    const records = isOfTxt && known !== undefined ? known : [];
    const rcode = this.failing.has(name)
      ? rcodes.serverFailure
      : this.refusing.has(name)
        ? rcodes.refused
        : known === undefined
          ? rcodes.nameError
          : rcodes.noError;
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x81_80 | rcode, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(rcode === rcodes.noError ? records.length : 0, 6);
    return Buffer.concat([head, question, ...(rcode === rcodes.noError ? records.map(record) : [])]);
  }
}

// Its name is the question's, by a pointer to it. RFC 1035, section 3.3.14: strings of 255 octets at most.
function record(value: string | readonly string[]): Buffer {
  const strings = (typeof value === 'string' ? [value] : value).map((text) => {
    const bytes = Buffer.from(text, 'latin1');
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  });
  const data = Buffer.concat(strings);
  const head = Buffer.from([0xc0, 12, 0, typeTxt, 0, 1, 0, 0, 0, 1, 0, 0]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
