// A request that lasts leaves a record of its begin while it goes on, and its ordinary one at its end: of what a killed
// gateway was serving, something is known.
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { rowToRecord } from '@sluice/contracts';
import type { RequestRecord } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { host } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';
import { upgradeAccepted } from './upgrade-accepted.js';

let stack: Stack;
/** Finds everything long that is not over at once. */
let gateway: GatewayProcess;
/** Answers that the upstream has begun, by path. */
const answers = new Map<string, ServerResponse | Socket>();

beforeAll(async () => {
  stack = await Stack.start();
  const { server, url } = await stack.upstream((req, res) => {
    answers.set(req.url ?? '', res);
    if (req.url === '/a/short') res.end('short');
    else if (req.url !== '/a/upload') res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  });
  server.on('upgrade', (req, socket: Socket) => {
    answers.set(req.url ?? '', socket);
    socket.on('error', () => undefined).on('end', () => socket.end());
    socket.resume();
    socket.write(`${upgradeAccepted(String(req.headers['sec-websocket-key']))}hello`);
  });
  stack.feed.publish(documentOf({ one: url }, [routeTo('one', '/a'), routeTo('one', '/keyed', withKey)]));
  gateway = await stack.readyGateway({ THREADS: '1', RECORD_BEGIN_AFTER_MS: '100' });
});
afterAll(async () => stack.stop());

function send(to: GatewayProcess, head: string): Socket {
  const socket = connect({ port: to.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined).resume();
  socket.write(`${head}\r\nHost: ${host}\r\n`);
  return socket;
}

/** What lies in a gateway's spool of a path, in the order in which it was recorded. */
function recorded(path: string, dataDir = stack.dataDir): RequestRecord[] {
  return stack
    .spooled(dataDir)
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.includes(`"${path}"`))
    .map((line) => rowToRecord(JSON.parse(line.slice(line.search(/\[\d+,"[0-9a-f]{8}-/)))).data)
    .filter((record) => record !== undefined)
    .sort((one, other) => one.seq - other.seq);
}

async function untilRecorded(path: string, count: number, dataDir?: string): Promise<RequestRecord[]> {
  // A segment may be renamed between two looks at it; then this looks again.
  const look = (): RequestRecord[] | false => {
    const records = recorded(path, dataDir);
    return records.length >= count && records;
  };
  return waitFor(look, { what: `${path} has left ${count} records`, timeoutMs: 30_000 });
}

/** How far a request had come when its begin was recorded is a matter of time; how it ended is not. */
const outcomes = (records: RequestRecord[]): unknown[] =>
  records.map(({ phase, status, request_bytes, response_bytes }) =>
    phase === 'begin' ? phase : [phase, status, request_bytes, response_bytes],
  );

test('a WebSocket that lasts leaves a record of its begin, and at its end one with all that was said', async () => {
  const client = send(gateway, 'GET /a/socket HTTP/1.1');
  client.write(
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );
  const [begin] = await untilRecorded('/a/socket', 1);
  expect([begin?.phase, begin?.route, begin?.arm]).toEqual(['begin', 'a', 'stable']);
  client.end('and more');
  const records = await untilRecorded('/a/socket', 2);
  expect(outcomes(records)).toEqual(['begin', ['end', 101, 8, 5]]);
  const [first, end] = records;
  expect([end?.id, end?.time]).toEqual([first?.id, first?.time]);
  expect([0, 101]).toContain(first?.status);
  expect(first?.duration_us).toBeGreaterThanOrEqual(100_000);
  expect(end?.duration_us).toBeGreaterThan(first?.duration_us ?? 0);
});

test('a stream of events that lasts leaves both, and says at its end how it ended', async () => {
  const client = send(gateway, 'GET /a/events HTTP/1.1');
  let heard = '';
  client.on('data', (chunk) => (heard += String(chunk)));
  client.write('\r\n');
  expect(outcomes(await untilRecorded('/a/events', 1))).toEqual(['begin']);
  await waitFor(() => heard.includes('data: 1'), { what: 'the first event has come' });
  client.destroy();
  expect(outcomes(await untilRecorded('/a/events', 2))).toEqual(['begin', ['end', 499, 0, 9]]);
});

test('an upload that lasts leaves both, the first of them before there is an answer', async () => {
  const client = send(gateway, 'POST /a/upload HTTP/1.1');
  client.write('Content-Length: 10\r\n\r\nfirst');
  const [begin] = await untilRecorded('/a/upload', 1);
  expect([begin?.phase, begin?.status, begin?.response_bytes]).toEqual(['begin', 0, 0]);
  client.write('later');
  await waitFor(() => answers.has('/a/upload'), { what: 'the upstream has it' });
  (answers.get('/a/upload') as ServerResponse).end('done');
  expect(outcomes(await untilRecorded('/a/upload', 2))).toEqual(['begin', ['end', 200, 10, 4]]);
  client.destroy();
});

test('a request that is over before leaves one record, and no begin', async () => {
  const dataDir = `${stack.dataDir}-short`;
  const other = await stack.readyGateway({ DATA_DIR: dataDir });
  expect((await other.send('/a/short')).body).toBe('short');
  expect((await other.send('/keyed')).status).toBe(401);
  expect(await other.stop()).toBe(0);
  expect([...recorded('/a/short', dataDir), ...recorded('/keyed', dataDir)].map(({ phase }) => phase)).toEqual([
    'whole',
    'whole',
  ]);
});

test('a gateway that is killed within a stream has left its begin', async () => {
  const dataDir = `${stack.dataDir}-killed`;
  const killed = await stack.readyGateway({ DATA_DIR: dataDir, RECORD_BEGIN_AFTER_MS: '100' });
  const client = send(killed, 'GET /a/cut-off HTTP/1.1');
  client.write('\r\n');
  await untilRecorded('/a/cut-off', 1, dataDir);
  killed.signal('SIGKILL');
  await killed.exited;
  expect(outcomes(recorded('/a/cut-off', dataDir))).toEqual(['begin']);
  client.destroy();
});
