// A DNS server of a test: A records by name, over UDP (RFC 1035). What it does not know does not exist, and of some names it
// says nothing at all.
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';

export interface Records {
  readonly addresses: readonly string[];
  readonly ttlSeconds: number;
}

export class DnsServer {
  readonly names = new Map<string, Records>();
  /** Whatever ends in one of them gets no answer. */
  readonly silentAbout = new Set<string>();
  readonly #socket: Socket;
  readonly port: number;
  /** For A records. */
  asked = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
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

  #answer(query: Buffer): Buffer | undefined {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const name = labels.join('.');
    const known = this.names.get(name);
    const isOfAddresses = query.readUInt16BE(at + 1) === 1;
    if (isOfAddresses) this.asked += 1;
    if (this.silentAbout.values().some((end) => name.endsWith(end))) return undefined;
    const addresses = isOfAddresses ? (known?.addresses ?? []) : [];
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(known === undefined ? 0x81_83 : 0x81_80, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(addresses.length, 6);
    return Buffer.concat([head, question, ...addresses.map((address) => record(address, known?.ttlSeconds ?? 0))]);
  }
}

// Its name is the question's, by a pointer to it.
function record(address: string, ttlSeconds: number): Buffer {
  const bytes = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
  bytes.writeUInt32BE(ttlSeconds, 6);
  return bytes;
}
