// A proxy in front of ClickHouse that a test can let fail at a chosen statement: before ClickHouse has seen it, or after
// ClickHouse has executed it and before the worker knows.
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

export type Verdict = 'pass' | 'lose_request' | 'lose_answer';

export interface ClickHouseProxy {
  /** As ClickHouse's, through the proxy. */
  readonly url: string;
  /** Asked for every statement; what it does first, is done before the verdict counts. */
  intercept: (statement: string, moment: 'before' | 'after') => Promise<Verdict> | Verdict;
  stop(): Promise<void>;
}

export async function startClickHouseProxy(clickhouseUrl: string): Promise<ClickHouseProxy> {
  const target = new URL(clickhouseUrl);
  const proxy = { intercept: (): Verdict => 'pass' } as Pick<ClickHouseProxy, 'intercept'>;
  const server = createServer((req, res) => {
    forward(req, res).catch(() => res.destroy());
  });

  async function forward(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of req) chunks.push(chunk as Uint8Array);
    const body = Buffer.concat(chunks);
    const inUrl = new URL(req.url ?? '/', target).searchParams.get('query');
    const statement = inUrl ?? body.subarray(0, 4_096).toString('utf8');
    if ((await proxy.intercept(statement, 'before')) !== 'pass') {
      res.destroy();
      return;
    }
    const answer = await send(req, body);
    if ((await proxy.intercept(statement, 'after')) !== 'pass') {
      res.destroy();
      return;
    }
    res.writeHead(answer.status, answer.headers).end(answer.body);
  }

  async function send(
    req: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const { 'transfer-encoding': _, ...headers } = req.headers;
      const options = {
        host: target.hostname,
        port: target.port,
        method: req.method,
        path: req.url,
        headers: { ...headers, 'content-length': String(body.length) },
      };
      const outgoing = request(options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const { 'transfer-encoding': __, ...kept } = incoming.headers;
          resolve({ status: incoming.statusCode ?? 500, headers: kept, body: Buffer.concat(chunks) });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(clickhouseUrl);
  url.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return Object.assign(proxy, {
    url: url.href,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
