// For tests: a gateway's end of the change feed.
import { feedLineSchema, type FeedLine } from '@sluice/contracts';
import { fleetToken } from './fleet-servers.js';
import { identityOf } from './gateway-identity.js';

export class FeedClient {
  private readonly abort = new AbortController();
  private lines: AsyncGenerator<FeedLine> | undefined;

  constructor(private readonly url: string) {}

  async open(query: { historyId?: string; after?: number; mark?: string } = {}): Promise<this> {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const res = await fetch(`${this.url}/v1/fleet/feed?${search.toString()}`, {
      headers: { authorization: `Bearer ${await identityOf(this.url, fleetToken, 'feed-client')}` },
      signal: this.abort.signal,
    });
    if (res.status !== 200 || res.body === null) throw new Error(`the feed answered ${res.status} ${await res.text()}`);
    this.lines = linesOf(res.body);
    return this;
  }

  /** The next line but pings; undefined when the stream has ended. */
  async next(): Promise<FeedLine | undefined> {
    for (;;) {
      const line = await this.nextOfAll();
      if (line?.type !== 'ping') return line;
    }
  }

  async nextOfAll(): Promise<FeedLine | undefined> {
    if (this.lines === undefined) throw new Error('the feed is not open');
    const { done, value } = await this.lines.next();
    return done === true ? undefined : value;
  }

  /** Everything up to and with the end of the snapshot that the feed must begin with. */
  async snapshot(): Promise<FeedLine[]> {
    const lines: FeedLine[] = [];
    for (;;) {
      const line = await this.next();
      if (line === undefined) throw new Error('the feed ended before its snapshot did');
      lines.push(line);
      if (line.type === 'snapshot-end') return lines;
    }
  }

  close(): void {
    this.abort.abort();
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<FeedLine> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield feedLineSchema.parse(JSON.parse(part));
  }
}
