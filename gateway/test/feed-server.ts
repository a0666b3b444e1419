// A control plane as far as gateways see it: the change feed, receipts and heartbeats, by the contracts, over real HTTP.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type {
  Change,
  Document,
  FeedEntry,
  FeedLine,
  HeartbeatBody,
  PlatformBoundsChange,
  Receipt,
  UpstreamHealthReport,
} from '@sluice/contracts';
import {
  canonicalJson,
  documentSchema,
  heartbeatBodySchema,
  receiptsBodySchema,
  upstreamHealthBodySchema,
} from '@sluice/contracts';

export const fleetToken = 'a-fleet-token-for-tests';
export const tenantId = 'ten_00000000000000000000000000000001';
export const environmentId = 'env_00000000000000000000000000000001';
export const host = 'api.acme.test';
export const portalOrigin = 'https://portal.acme.test';

export interface Owner {
  readonly tenantId: string;
  readonly environmentId: string;
}

/** Another tenant's environment, beside the one that is meant where nobody says whose. */
export const otherOwner: Owner = {
  tenantId: 'ten_00000000000000000000000000000002',
  environmentId: 'env_00000000000000000000000000000002',
};

export class FeedServer {
  readonly receipts: Receipt[] = [];
  readonly heartbeats: HeartbeatBody[] = [];
  readonly healthReports: UpstreamHealthReport[] = [];
  historyId = 'history-1';
  token = fleetToken;
  connections = 0;
  readonly #log: FeedEntry[] = [];
  readonly #open = new Set<ServerResponse>();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #revision = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get position(): number {
    return this.#log.length;
  }

  async start(port = this.#port): Promise<void> {
    const server = createServer((req, res) => void this.#serve(req, res).catch(() => res.destroy()));
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server?.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  push(change: Change, lane: FeedEntry['lane'] = 2, owner: Owner = { tenantId, environmentId }): number {
    const entry: FeedEntry = { position: this.#log.length + 1, lane, ...owner, change };
    this.#log.push(entry);
    this.#tell([{ type: 'entry', entry }]);
    return entry.position;
  }

  publish(
    document: unknown,
    more: {
      hosts?: string[];
      hash?: string;
      owner?: Owner;
      tenantSlug?: string;
      platform?: PlatformBoundsChange;
    } = {},
  ): { position: number; revision: number } {
    const parsed: Document = documentSchema.parse(document);
    this.#revision += 1;
    const hash = more.hash ?? createHash('sha256').update(canonicalJson(parsed)).digest('hex');
    const position = this.push(
      {
        kind: 'environment',
        tenantSlug: more.tenantSlug ?? 'acme',
        environmentName: 'production',
        hosts: more.hosts ?? [host],
        portalOrigins: [portalOrigin],
        revision: this.#revision,
        revisionId: `rev_${this.#revision}`,
        hash,
        ...(more.platform === undefined ? {} : { platform: more.platform }),
        document: parsed,
      },
      3,
      more.owner,
    );
    return { position, revision: this.#revision };
  }

  /** The environment is gone, and what belongs to it. */
  retire(): number {
    const gone = { hosts: [], portalOrigins: [], revisionId: '', hash: '', document: null };
    return this.push(
      { kind: 'environment', tenantSlug: 'acme', environmentName: 'production', revision: this.#revision, ...gone },
      3,
    );
  }

  /** A subscription and its key. */
  admit(key: string, more: { plan?: string; subscription?: string; revision?: number } = {}): void {
    this.subscribe(more);
    this.setCredential(key, 'active', more.subscription);
  }

  subscribe(more: { plan?: string; subscription?: string; revision?: number; planChanges?: number } = {}): number {
    const { plan = 'free', subscription = 'sub_1', revision = 1, planChanges = 0 } = more;
    return this.push({
      kind: 'subscription',
      id: subscription,
      applicationId: 'app_1',
      plan,
      state: 'active',
      revision,
      planChanges,
    });
  }

  setCredential(
    key: string,
    state: 'active' | 'revoked',
    subscription = 'sub_1',
    more: { expiresAt?: number; scopes?: string[]; isTry?: boolean } = {},
  ): number {
    const hash = createHash('sha256').update(key).digest('hex');
    return this.push(
      { kind: 'credential', id: `key_of_${subscription}`, subscriptionId: subscription, hash, state, ...more },
      state === 'revoked' ? 1 : 2,
    );
  }

  #tell(lines: readonly FeedLine[]): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    for (const res of this.#open) res.write(text);
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.headers.authorization !== `Bearer ${this.token}`) {
      res.writeHead(401, { 'content-type': 'application/problem+json' }).end('{"code":"fleet_token_invalid"}');
      return;
    }
    const url = new URL(req.url ?? '/', this.url);
    if (req.method === 'GET' && url.pathname === '/v1/fleet/feed') this.#feed(url, res);
    else if (url.pathname === '/v1/fleet/receipts') {
      this.receipts.push(...receiptsBodySchema.parse(await json(req)).receipts);
      res.writeHead(204).end();
    } else if (url.pathname === '/v1/fleet/heartbeats') {
      this.heartbeats.push(heartbeatBodySchema.parse(await json(req)));
      res.writeHead(204).end();
    } else if (url.pathname === '/v1/fleet/upstream-health') {
      this.healthReports.push(...upstreamHealthBodySchema.parse(await json(req)).reports);
      res.writeHead(204).end();
    } else res.writeHead(404).end();
  }

  #feed(url: URL, res: ServerResponse): void {
    this.connections += 1;
    const after = Number(url.searchParams.get('after'));
    const isKnown = url.searchParams.get('historyId') === this.historyId;
    res.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const lines: FeedLine[] = [
      {
        type: 'hello',
        historyId: this.historyId,
        fleetId: 'flt_1',
        mode: isKnown ? 'entries' : 'snapshot',
        position: this.position,
      },
    ];
    for (const entry of this.#log) if (!isKnown || entry.position > after) lines.push({ type: 'entry', entry });
    if (!isKnown) lines.push({ type: 'snapshot-end', position: this.position });
    res.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    this.#open.add(res);
    const pinging = setInterval(
      () => res.write(`${JSON.stringify({ type: 'ping', position: this.position } satisfies FeedLine)}\n`),
      2000,
    );
    res.once('close', () => {
      clearInterval(pinging);
      this.#open.delete(res);
    });
  }
}

async function json(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}
