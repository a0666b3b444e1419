// The operations port: /healthz (the process works), /readyz (send it traffic), /metrics. It is for the inside of a
// deployment, so it stands on a port of its own. A process may add JSON pages. A check that throws answers 503.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import type { Registry } from 'prom-client';

export type CheckResult = { readonly ok: boolean } & Readonly<Record<string, string | number | boolean | null>>;
export type Check = () => CheckResult | Promise<CheckResult>;

export interface OpsServer {
  /** The port that was bound, when 0 was asked for. */
  readonly port: number;
  /** The file descriptor that it listens at, for a process that takes over. */
  readonly fd: number;
  close(): Promise<void>;
}

const closeWithinMs = 1000;

/** Resolves when it listens; rejects when the port is taken (`EADDRINUSE`). */
export async function startOpsServer(options: {
  port: number;
  host?: string;
  /** A socket that listens already, by its file descriptor: instead of `host` and `port`. */
  fd?: number;
  registry: Registry;
  health?: Check;
  ready: Check;
  /** Path to what it answers, as JSON. */
  pages?: Readonly<Record<string, () => unknown>>;
}): Promise<OpsServer> {
  const { registry, ready, health = () => ({ ok: true }), pages = {} } = options;
  const answers: Record<string, (res: ServerResponse) => Promise<void>> = {
    '/healthz': async (res) => answerCheck(res, health),
    '/readyz': async (res) => answerCheck(res, ready),
    '/metrics': async (res) => {
      const text = await registry.metrics();
      res.writeHead(200, { 'content-type': registry.contentType }).end(text);
    },
  };
  for (const [path, read] of Object.entries(pages))
    answers[path] = async (res) =>
      void res.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(await read())}\n`);
  const server = createServer((req, res) => {
    const answer = answers[req.url?.split('?', 1)[0] ?? ''];
    if (answer === undefined || (req.method !== 'GET' && req.method !== 'HEAD')) {
      res
        .writeHead(404, { 'content-type': 'text/plain' })
        .end(`This port answers GET ${Object.keys(answers).join(', ')}.\n`);
      return;
    }
    answer(res).catch(() => res.destroy());
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const { fd, port, host = '0.0.0.0' } = options;
    server.listen(fd === undefined ? { port, host } : { fd }, resolve);
  });
  const address = server.address();
  const fd = descriptorOf(server);
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    fd,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // An answer that is being written is written to its end.
      const bound = setTimeout(() => server.closeAllConnections(), closeWithinMs);
      await closed;
      clearTimeout(bound);
    },
  };
}

async function answerCheck(res: ServerResponse, check: Check): Promise<void> {
  let result: CheckResult;
  try {
    result = await check();
  } catch (error) {
    result = { ok: false, reason: error instanceof Error ? error.message : 'the check failed' };
  }
  res.writeHead(result.ok ? 200 : 503, { 'content-type': 'application/json' }).end(`${JSON.stringify(result)}\n`);
}

/**
 * The file descriptor that a server listens at. Node has no public name for it; `_handle` is what its own documentation of
 * `server.listen(handle)` calls it, and `fd` is what `child_process` reads of it to hand a socket on.
 */
export function descriptorOf(server: Server): number {
  const { _handle: handle } = server as Server & { readonly _handle?: { readonly fd?: number } };
  return handle?.fd ?? -1;
}
