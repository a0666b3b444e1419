import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../free-port.js';
import { startProcess } from '../processes/start-process.js';
import { temporaryFolder } from '../temporary-folder.js';
import { waitFor } from '../wait-for.js';

const built = (name: string): string => fileURLToPath(new URL(`../../dist/demo/${name}.js`, import.meta.url));

const startUpstream = async (version: string): Promise<string> => {
  const port = await freePort();
  const upstream = await startProcess({
    name: `demo ${version}`,
    command: process.execPath,
    args: [built('upstream')],
    env: { VERSION: version, PORT: String(port) },
    readyUrl: `http://127.0.0.1:${port}/healthz`,
  });
  onTestFinished(async () => {
    await upstream.stop();
  });
  return `http://127.0.0.1:${port}`;
};

test.each(['v1', 'v2'])(
  'the demo upstream %s says its version in every body, and echoes what is posted',
  async (version) => {
    const url = await startUpstream(version);
    expect(await (await fetch(`${url}/orders`)).json()).toMatchObject({ version, orders: [{ id: 1 }, {}, {}, {}, {}] });
    expect(await (await fetch(`${url}/orders/7`)).json()).toMatchObject({ version, order: { id: 7 } });
    const posted = await fetch(`${url}/orders`, { method: 'POST', body: '{"quantity":2}' });
    expect(posted.status).toBe(201);
    expect(await posted.json()).toEqual({ version, received: { quantity: 2 } });
    const missing = await fetch(`${url}/orders/999999`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ version });
  },
);

test('the demo upstream tells even a client that reads only after having sent 20 MB that this is too much', async () => {
  const url = new URL(await startUpstream('v1'));
  const socket = connect(Number(url.port), url.hostname);
  const bytes = 20 * 1024 * 1024;
  socket.pause().write(`POST /orders HTTP/1.1\r\nHost: demo\r\nContent-Length: ${bytes}\r\n\r\n`);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(Buffer.alloc(bytes), () => resolve());
  });
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text.slice(0, 12)).toBe('HTTP/1.1 413');
  expect(text).toContain('a body may have 1048576 bytes');
});

test('an upstream without a version says what is wrong and ends 78', async () => {
  const start = startProcess({
    name: 'demo',
    command: process.execPath,
    args: [built('upstream')],
    readyLine: /never/,
  });
  await expect(start).rejects.toThrow(
    'demo ended with code 78 before it was ready. Its last lines:\nVERSION must be v1 or v2',
  );
});

test('the traffic goes through every gateway with the key, and its switch stops it', async () => {
  await using folder = await temporaryFolder();
  const seen: { gateway: number; host: string | undefined; key: string | undefined }[] = [];
  const gateways = await Promise.all(
    [0, 1].map(async (gateway) => {
      const server = createServer((req, res) => {
        seen.push({ gateway, host: req.headers.host, key: req.headers['x-api-key']?.toString() });
        res.end('{}');
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      const address = server.address();
      return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
    }),
  );
  const demo = { host: 'demo.localhost:8080', basePath: '', keyHeader: 'x-api-key', key: 'k' };
  const file = join(folder.path, 'demo.json');
  await writeFile(file, JSON.stringify(demo));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const traffic = await startProcess({
    name: 'traffic',
    command: process.execPath,
    args: [built('traffic')],
    env: {
      PORT: String(port),
      GATEWAY_URLS: gateways.join(','),
      DEMO_FILE: file,
      REQUESTS_PER_SECOND: '100',
      TRAFFIC: 'off',
    },
    readyUrl: url,
  });
  onTestFinished(async () => {
    await traffic.stop();
  });
  expect(seen).toEqual([]);
  expect(await (await fetch(`${url}/on`, { method: 'POST' })).json()).toMatchObject({ isOn: true });
  await waitFor(() => seen.length > 20, { what: 'requests arrive' });
  expect(new Set(seen.map(({ gateway }) => gateway))).toEqual(new Set([0, 1]));
  expect(seen.every(({ host }) => host === demo.host)).toBe(true);
  expect(seen.filter(({ key }) => key === 'k').length).toBeGreaterThan(seen.length / 2);
  const foreign = await fetch(`${url}/off`, { method: 'POST', headers: { origin: 'https://elsewhere.test' } });
  expect(foreign.status).toBe(403);
  const off = (await (await fetch(`${url}/off`, { method: 'POST' })).json()) as { isOn: boolean; sent: number };
  expect(off.isOn).toBe(false);
  const later = (await (await fetch(url)).json()) as { sent: number };
  expect(later.sent).toBe(off.sent);
});
