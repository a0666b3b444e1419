// A DNS server for tests: A and TXT records by name, over UDP (RFC 1035). What it does not know does not exist; of some names it
// says that it fails, and of some nothing at all.
import { createSocket, type Socket } from 'node:dgram';

const types = { A: 1, TXT: 16 } as const;
const rcodes = { noError: 0, serverFailure: 2, nameError: 3, refused: 5 } as const;

/** Names are in lower case throughout. */
export class DnsServer {
  readonly addresses = new Map<string, { readonly addresses: readonly string[]; readonly ttlSeconds: number }>();
  /** Records, each of one string or several. */
  readonly texts = new Map<string, readonly (string | readonly string[])[]>();
  readonly failing = new Set<string>();
  readonly refusing = new Set<string>();
  /** Whatever ends in one of them gets no answer. */
  readonly silentAbout = new Set<string>();
  readonly #questions: { readonly name: string; readonly type: number }[] = [];
  readonly #socket: Socket;
  /** `<ip>:<port>` */
  readonly address: string;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.address = `127.0.0.1:${socket.address().port}`;
    socket.on('message', (query, { port, address }) => {
      const answer = this.#answer(query);
      if (answer !== undefined) socket.send(answer, port, address);
    });
  }

  static async start(): Promise<DnsServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new DnsServer(socket);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  /** How often it was asked for records of a type, of one name or of all. */
  asked(type: keyof typeof types, name?: string): number {
    return this.#questions.filter((one) => one.type === types[type] && (name === undefined || one.name === name))
      .length;
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
    const type = query.readUInt16BE(at + 1);
    this.#questions.push({ name, type });
    if (this.silentAbout.values().some((end) => name.endsWith(end))) return undefined;
    const rcode = this.#rcodeOf(name);
    const records = rcode === rcodes.noError ? this.#recordsOf(name, type) : [];
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x81_80 | rcode, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    return Buffer.concat([head, question, ...records]);
  }

  #rcodeOf(name: string): number {
    if (this.failing.has(name)) return rcodes.serverFailure;
    if (this.refusing.has(name)) return rcodes.refused;
    return this.addresses.has(name) || this.texts.has(name) ? rcodes.noError : rcodes.nameError;
  }

  #recordsOf(name: string, type: number): Buffer[] {
    if (type === types.TXT) return (this.texts.get(name) ?? []).map((value) => recordOf(type, 1, textData(value)));
    const known = type === types.A ? this.addresses.get(name) : undefined;
    return (known?.addresses ?? []).map((address) =>
      recordOf(type, known?.ttlSeconds ?? 0, Buffer.from(address.split('.').map(Number))),
    );
  }
}

// Its name is the question's, by a pointer to it.
function recordOf(type: number, ttlSeconds: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(ttlSeconds, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

// RFC 1035, section 3.3.14: strings of 255 octets at most.
function textData(value: string | readonly string[]): Buffer {
  return Buffer.concat(
    [value].flat().map((text) => {
      const bytes = Buffer.from(text, 'latin1');
      return Buffer.concat([Buffer.from([bytes.length]), bytes]);
    }),
  );
}
