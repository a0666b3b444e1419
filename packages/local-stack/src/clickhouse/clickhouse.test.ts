import { request } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { createClient, ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.js';
import { waitFor } from '../wait-for.js';
import { startClickHouse, type RunningClickHouse } from './start-clickhouse.js';

let folder: TemporaryFolder;
let server: RunningClickHouse;
let client: ClickHouseClient;

const connect = (compress = false): ClickHouseClient =>
  createClient({ url: server.url, compression: { request: compress, response: compress }, log: { level: 127 } });
const count = async (table: string): Promise<number> => {
  const result = await client.query({ query: `SELECT count() AS n FROM ${table}`, format: 'JSONEachRow' });
  const [row] = await result.json<{ n: number }>();
  return Number(row?.n);
};

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startClickHouse({ dataDir: folder.path, user: 'writer', password: "it's: \\ secret" });
  client = connect();
  await client.command({ query: 'CREATE TABLE events (id UInt32, name String) ENGINE = MergeTree ORDER BY id' });
}, 60_000);

afterAll(async () => {
  await client.close();
  await server.stop();
  await folder.remove();
});

test.each([false, true])(
  'rows inserted in both JSON row formats and as a stream come back, compressed: %s',
  async (compress) => {
    const other = connect(compress);
    await other.command({ query: 'TRUNCATE TABLE events' });
    await other.insert({ table: 'events', format: 'JSONEachRow', values: [{ id: 1, name: 'a\n\nb' }] });
    await other.insert({
      table: 'events',
      format: 'JSONCompactEachRow',
      columns: ['id', 'name'],
      values: [[2, "it's"]],
    });
    const rows = Readable.from(Array.from({ length: 2_000 }, (_, index) => ({ id: index + 3, name: `n${index}` })));
    const { summary } = await other.insert({ table: 'events', format: 'JSONEachRow', values: rows });
    expect(summary?.written_rows).toBe('2000');
    const result = await other.query({ query: 'SELECT id, name FROM events ORDER BY id LIMIT 2', format: 'JSON' });
    expect((await result.json()).data).toEqual([
      { id: 1, name: 'a\n\nb' },
      { id: 2, name: "it's" },
    ]);
    expect(await count('events')).toBe(2_002);
    await other.close();
  },
);

test('a blank line in the data never makes SQL of what follows', async () => {
  await client.command({ query: 'CREATE TABLE planted (id UInt32, name String) ENGINE = MergeTree ORDER BY id' });
  const body = `{"id":1,"name":"a"}\n\nDROP TABLE planted\n`;
  const response = await raw('INSERT INTO planted FORMAT JSONEachRow', body);
  expect(response.status).toBe(400);
  expect(await count('planted')).toBe(0);
  // The same inside the text of the statement.
  const inline = await raw(undefined, "INSERT INTO planted VALUES (1, 'a'), (2, 'b\n\nDROP TABLE planted; x')");
  expect(inline.status).toBe(200);
  expect(await count('planted')).toBe(2);
});

test('a large result is streamed, and its end is complete', async () => {
  const result = await client.query({
    query: 'SELECT number, toString(number) AS text FROM numbers(400000)',
    format: 'JSONEachRow',
  });
  let rows = 0;
  let sum = 0;
  for await (const batch of result.stream<{ number: string }>()) {
    for (const row of batch) {
      rows += 1;
      sum += Number(row.json().number);
    }
  }
  expect(rows).toBe(400_000);
  expect(sum).toBe((400_000 * 399_999) / 2);
});

test("a query that fails in the middle of its stream fails at the client with ClickHouse's code", async () => {
  const result = await client.query({
    query: 'SELECT throwIf(number = 350000) FROM numbers(400000) SETTINGS max_block_size = 1000',
    format: 'JSONEachRow',
  });
  await expect(result.json()).rejects.toMatchObject({ code: '395' });
});

test('parameters keep quotes, backslashes and line ends, and are not SQL', async () => {
  const value = "a'b\\c\n\td; DROP TABLE events --";
  const result = await client.query({
    query: 'SELECT {value:String} AS value, {list:Array(UInt8)} AS list',
    query_params: { value, list: [1, 2] },
    format: 'JSONEachRow',
  });
  expect(await result.json()).toEqual([{ value, list: [1, 2] }]);
});

test('long parameters sent as a form arrive', async () => {
  const value = 'x'.repeat(20_000);
  const result = await client.query({
    query: 'SELECT length({value:String}) AS n',
    query_params: { value },
    format: 'JSONEachRow',
    use_multipart_params: true,
  });
  expect(await result.json()).toEqual([{ n: 20_000 }]);
});

test('settings and the database of one request do not leak into the next', async () => {
  await client.command({ query: 'CREATE DATABASE other' });
  const own = createClient({ url: server.url, database: 'other' });
  const query = "SELECT getSetting('max_block_size') AS size, currentDatabase() AS name";
  const ask = async (asked: ClickHouseClient, settings = {}): Promise<unknown> =>
    (await asked.query({ query, format: 'JSONEachRow', clickhouse_settings: settings })).json();
  expect(await ask(own, { max_block_size: '77' })).toMatchObject([{ name: 'other', size: 77 }]);
  expect(await ask(client)).toMatchObject([{ name: 'default', size: 65409 }]);
  await own.close();
});

test('a deduplication token counts once in the table and in its roll-up, across a restart', async () => {
  await client.command({
    query:
      'CREATE TABLE raw (id UInt32) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100',
  });
  await client.command({
    query:
      'CREATE TABLE sums (k UInt8, n UInt64) ENGINE = SummingMergeTree ORDER BY k SETTINGS non_replicated_deduplication_window = 100',
  });
  await client.command({
    query: 'CREATE MATERIALIZED VIEW raw_to_sums TO sums AS SELECT 1 AS k, count() AS n FROM raw GROUP BY k',
  });
  const insert = async (): Promise<unknown> =>
    client.insert({
      table: 'raw',
      format: 'JSONEachRow',
      values: [{ id: 1 }, { id: 2 }, { id: 3 }],
      clickhouse_settings: {
        insert_deduplicate: 1,
        insert_deduplication_token: 'segment-1',
        deduplicate_blocks_in_dependent_materialized_views: 1,
      },
    });
  await insert();
  await insert();
  const { port } = server;
  await client.close();
  await server.stop();
  server = await startClickHouse({ dataDir: folder.path, port, user: 'writer', password: "it's: \\ secret" });
  client = connect();
  await insert();
  expect(await count('raw')).toBe(3);
  const sums = await client.query({ query: 'SELECT sum(n) AS n FROM sums', format: 'JSONEachRow' });
  expect(await sums.json()).toEqual([{ n: 3 }]);
}, 60_000);

test("errors carry ClickHouse's code and name", async () => {
  await expect(client.query({ query: 'SELECT * FROM missing', format: 'JSONEachRow' })).rejects.toMatchObject({
    code: '60',
    type: 'UNKNOWN_TABLE',
  });
  await expect(client.command({ query: 'SELEC 1 FRO' })).rejects.toBeInstanceOf(ClickHouseError);
  const response = await raw(undefined, 'SELECT * FROM missing');
  expect(response.headers['x-clickhouse-exception-code']).toBe('60');
  expect(response.status).toBe(404);
});

test.each([
  "SELECT * FROM file('/etc/passwd', 'LineAsString')",
  "SELECT * FROM `url`('http://127.0.0.1/', 'LineAsString')",
  "SELECT 1 INTO OUTFILE '/tmp/stolen'",
  "INSERT INTO events FROM INFILE '/etc/passwd' FORMAT JSONEachRow",
  "CREATE TABLE stolen (a String) ENGINE = URL('http://127.0.0.1/', 'CSV')",
  'SELECT 1 /* ; */ ; DROP TABLE events',
])('refused: %s', async (query) => {
  const response = await raw(undefined, query);
  expect([400, 403]).toContain(response.status);
  expect(await count('events')).toBeGreaterThan(0);
});

test('a wrong password and a write in readonly mode are refused', async () => {
  const url = new URL(server.url);
  url.password = 'wrong';
  const stranger = createClient({ url, log: { level: 127 } });
  await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
  await stranger.close();
  await expect(
    client.command({ query: 'DROP TABLE events', clickhouse_settings: { readonly: '1' } }),
  ).rejects.toMatchObject({ code: '164' });
  expect(await count('events')).toBeGreaterThan(0);
});

test('a body that breaks off stores nothing', async () => {
  await client.command({ query: 'CREATE TABLE torn (id UInt32, name String) ENGINE = MergeTree ORDER BY id' });
  const lines = Array.from({ length: 5_000 }, (_, id) => JSON.stringify({ id, name: 'x' })).join('\n');
  await breakOff('INSERT INTO torn FORMAT JSONEachRow', Buffer.from(lines), {});
  await breakOff('INSERT INTO torn FORMAT JSONEachRow', gzipSync(lines), { 'content-encoding': 'gzip' });
  const half = await raw('INSERT INTO torn FORMAT JSONEachRow', gzipSync(lines).subarray(0, 500), {
    'content-encoding': 'gzip',
  });
  expect(half.status).toBeGreaterThanOrEqual(400);
  expect(await count('torn')).toBe(0);
});

test('a query whose client goes away is stopped', async () => {
  const controller = new AbortController();
  const running = client.query({
    query: 'SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) % 7 = 3',
    format: 'JSON',
    abort_signal: controller.signal,
  });
  running.catch(() => {});
  const others = async (): Promise<number> => {
    const result = await client.query({
      query:
        "SELECT count() AS n FROM system.processes WHERE query LIKE '%sipHash64(number)%' AND query NOT LIKE '%processes%'",
      format: 'JSONEachRow',
    });
    return Number((await result.json<{ n: string }>())[0]?.n);
  };
  await waitFor(async () => (await others()) === 1, { what: 'the long query runs' });
  controller.abort();
  await waitFor(async () => (await others()) === 0, { what: 'the long query is gone' });
  expect(await others()).toBe(0);
});

interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

const open = (query: string | undefined, headers: Record<string, string | number>): ReturnType<typeof request> => {
  const url = new URL(server.url);
  const path = query === undefined ? '/' : `/?query=${encodeURIComponent(query)}`;
  const auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return request({ host: url.hostname, port: url.port, path, method: 'POST', auth, headers });
};

const raw = async (
  query: string | undefined,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const req = open(query, headers);
    req.once('error', reject);
    req.once('response', (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => (text += chunk));
      res.on('end', () => {
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text });
      });
    });
    req.end(body);
  });

/** Announces the whole body, sends all but its last bytes, and closes the connection. */
const breakOff = async (query: string, body: Buffer, headers: Record<string, string>): Promise<void> =>
  new Promise((resolve) => {
    const req = open(query, { ...headers, 'content-length': body.length });
    req.once('error', () => {});
    req.once('close', () => {
      resolve();
    });
    req.write(body.subarray(0, body.length - 7), () => req.destroy());
  });
