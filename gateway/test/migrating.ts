// The documents of docs/migrating, served by a real gateway to real upstreams: their URLs are replaced, and nothing else.
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Answer, GatewayProcess, Sent } from './gateway-process.js';
import { Stack } from './stack.js';

export const migratedHost = 'api.example.com';

/** What an upstream was asked. */
export interface Seen {
  readonly service: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

export class Migrated {
  readonly seen: Seen[] = [];
  readonly #stack: Stack;
  #gateway: GatewayProcess | undefined;

  private constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** `services`: those of the document that are more than a plain upstream, by their host name. */
  static async start(name: string, services: Readonly<Record<string, RequestListener>> = {}): Promise<Migrated> {
    const migrated = new Migrated(await Stack.start());
    try {
      await migrated.#serve(name, services);
      return migrated;
    } catch (error) {
      // Nobody else has it, to stop what it started.
      await migrated.stop();
      throw error;
    }
  }

  async #serve(name: string, services: Readonly<Record<string, RequestListener>>): Promise<void> {
    let text = await readFile(new URL(`../../docs/migrating/${name}/sluice.json`, import.meta.url), 'utf8');
    for (const service of ['users-api', 'orders-api', ...Object.keys(services)]) {
      const { url } = await this.#stack.upstream((req, res) => {
        this.seen.push({ service, url: req.url ?? '', headers: req.headers });
        const own = services[service];
        if (own === undefined) res.end(service);
        else own(req, res);
      });
      text = text.replaceAll(`http://${service}:3000`, url);
    }
    this.#stack.feed.publish(JSON.parse(text), { hosts: [migratedHost] });
    this.#gateway = await this.#stack.readyGateway();
    await this.#stack.untilCaughtUp();
  }

  async send(path: string, sent: Sent = {}): Promise<Answer> {
    if (this.#gateway === undefined) throw new Error('the gateway was not started');
    return this.#gateway.send(path, { host: migratedHost, ...sent });
  }

  /** What the upstream got that this request went to; undefined: none did. */
  async upstreamOf(path: string, sent: Sent = {}): Promise<Pick<Seen, 'service' | 'url'> | undefined> {
    const before = this.seen.length;
    await this.send(path, sent);
    const [seen] = this.seen.slice(before);
    return seen === undefined ? undefined : { service: seen.service, url: seen.url };
  }

  /** Sends all at once. How many got each status, and how long it took from the first to the last. */
  async burst(paths: readonly string[], sent: Sent = {}): Promise<{ statuses: Map<number, number>; tookMs: number }> {
    const from = performance.now();
    const answers = await Promise.all(paths.map(async (path) => this.send(path, sent)));
    const statuses = new Map<number, number>();
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    return { statuses, tookMs: performance.now() - from };
  }

  async stop(): Promise<void> {
    await this.#stack.stop();
  }
}
