// The demo's upstream: a small order service in two versions. Version 2 says so in its body, answers in another shape and
// a little later, so that a canary has something to show. A process: PORT, VERSION (v1 or v2), HOST.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { requestUrl } from '../request-url.js';

type Version = 'v1' | 'v2';

const maximumBodyBytes = 1024 * 1024;
const drainBytes = 64 * 1024 * 1024;
const drainMs = 5000;
const latencyMs: Readonly<Record<Version, readonly [least: number, most: number]>> = { v1: [2, 12], v2: [4, 20] };
const items = ['espresso beans', 'paper filters', 'a kettle', 'a hand grinder', 'two cups'];

const orderOf = (version: Version, id: number): object => {
  const cents = 450 + ((id * 977) % 4000);
  const common = { id, item: items[id % items.length], state: id % 3 === 0 ? 'shipped' : 'open' };
  return version === 'v1'
    ? { ...common, totalCents: cents }
    : { ...common, total: { amount: cents / 100, currency: 'EUR' }, links: { self: `/orders/${id}` } };
};

const send = (res: ServerResponse, status: number, body: object): void => {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
};

const readBody = async (req: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop must not destroy the request: its answer has yet to go out.
  for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximumBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

// Closing under a client that still sends would reset the connection, and the client could lose the answer with it
// (RFC 9112, section 9.6): so the rest is read, and thrown away, within a bound.
const drain = (req: IncomingMessage, res: ServerResponse): void => {
  let bytes = 0;
  const stop = (): void => {
    clearTimeout(bound);
    res.end();
  };
  const bound = setTimeout(stop, drainMs);
  req
    .on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > drainBytes) stop();
    })
    .once('end', stop)
    .once('close', stop)
    .resume();
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const answer = async (version: Version, req: IncomingMessage, res: ServerResponse): Promise<void> => {
  const path = requestUrl(req).pathname;
  const isRead = req.method === 'GET' || req.method === 'HEAD';
  if (path === '/healthz') return send(res, 200, { ok: true, version });
  const [least, most] = latencyMs[version];
  await delay(least + Math.random() * (most - least));
  const id = /^\/orders\/(\d{1,9})$/.exec(path)?.[1];
  if (path === '/' && isRead) return send(res, 200, { version, try: ['/orders', '/orders/7', 'POST /orders'] });
  if (path === '/orders' && isRead) {
    return send(res, 200, { version, orders: [1, 2, 3, 4, 5].map((order) => orderOf(version, order)) });
  }
  if (id !== undefined && isRead && Number(id) <= 1000) {
    return send(res, 200, { version, order: orderOf(version, Number(id)) });
  }
  if (path === '/orders' && req.method === 'POST') {
    const body = await readBody(req);
    if (body !== undefined) return send(res, 201, { version, received: parsed(body) });
    const text = JSON.stringify({ version, error: `a body may have ${maximumBodyBytes} bytes` });
    // The answer goes out now; the response ends only after the draining, since its end closes the connection.
    res.shouldKeepAlive = false; // says `Connection: close`
    res.writeHead(413, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    res.write(text);
    return drain(req, res);
  }
  return send(res, 404, { version, error: `there is no ${req.method} ${path}` });
};

const [version, port] = [process.env['VERSION'], Number(process.env['PORT'])];
if ((version !== 'v1' && version !== 'v2') || !Number.isInteger(port) || port < 1) {
  console.error('VERSION must be v1 or v2, and PORT a port');
  process.exit(78);
}
const server = createServer((req, res) => {
  answer(version, req, res).catch(() => res.destroy());
});
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(port, process.env['HOST'] ?? '127.0.0.1', () =>
  console.log(`demo upstream ${version} listens on ${port}`),
);
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}
