// A line of JSON for each request.
import { spawn } from 'node:child_process';
import { readFileSync, renameSync } from 'node:fs';
import { connect } from 'node:net';
import { temporaryFolder, waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';

const page = readFileSync(new URL('../../docs/operations/observing.md', import.meta.url), 'utf8');

let stack: Stack;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let upstreamUrl: string;

beforeAll(async () => {
  folder = await temporaryFolder('sluice-access-log-');
  stack = await Stack.start();
  const upstream = await stack.upstream((req, res) => {
    req.resume();
    req.once('end', () => res.end('twelve bytes'));
  });
  upstreamUrl = upstream.url;
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open'), routeTo('one', '/keyed', withKey)]));
  stack.feed.admit('good-key');
});
afterAll(async () => {
  await stack.stop();
  await folder.remove();
});

type Line = Record<string, string | number>;

async function gatewayWith(log: string): Promise<GatewayProcess> {
  return stack.readyGateway({ ACCESS_LOG: log });
}

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line.includes('"request_id"'))
    .map((line) => JSON.parse(line) as Line);
}

function readLines(path: string): Line[] {
  try {
    return linesOf(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}

function byText(one: string, other: string): number {
  return one.localeCompare(other);
}

function documentedFields(): string[] {
  const section = /## Access log\n(?<text>[\s\S]*?)\n## /.exec(`${page}\n## `)?.groups?.['text'] ?? '';
  return [...section.matchAll(/^\| (?<names>`[^|]*) \|/gm)]
    .flatMap(({ groups }) => [...(groups?.['names'] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name))
    .toSorted(byText);
}

async function sendRaw(gateway: GatewayProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(text));
    socket.resume().once('close', () => resolve());
  });
}

async function untilLines(read: () => Line[], count: number): Promise<Line[]> {
  return waitFor(
    () => {
      const lines = read();
      return lines.length >= count && lines;
    },
    { what: `${count} lines are there` },
  );
}

test('every request has its line to the end, with who called and where it went, and without its secrets', async () => {
  const path = `${folder.path}/one.log`;
  const gateway = await gatewayWith(path);
  const answer = await gateway.send('/keyed/a?token=secret-query', {
    method: 'POST',
    body: 'four',
    headers: { 'x-api-key': 'good-key', 'x-request-id': 'mine', authorization: 'Bearer secret-header' },
  });
  await gateway.send('/keyed');
  await gateway.send('/open', { host: 'nobody.test' });
  const lines = await untilLines(() => readLines(path), 3);
  const [first, second, third] = [answer.headers['x-sluice-request-id'], 401, 404].map((wanted) =>
    lines.find((line) => line['request_id'] === wanted || line['status'] === wanted),
  );
  expect(first).toMatchObject({
    method: 'POST',
    host: 'api.acme.test',
    path: '/keyed/a',
    status: 200,
    code: '',
    request_bytes: 4,
    response_bytes: 12,
    revision: 1,
    api: 'orders',
    route: 'keyed',
    arm: 'stable',
    application_id: 'app_1',
    subscription_id: 'sub_1',
    upstream: 'one',
    target: upstreamUrl,
    attempts: 1,
    client_request_id: 'mine',
    client_address: '127.0.0.1',
    trace_id: '',
  });
  expect(first?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(second).toMatchObject({ code: 'credential_missing', attempts: 0, target: '' });
  expect(third).toMatchObject({ code: 'unknown_host', host: 'nobody.test', tenant_id: '', revision: 0 });
  expect(readFileSync(path, 'utf8')).not.toMatch(/secret|good-key/);
  expect(await gateway.metric('sluice_access_log_lines_total')).toBe(3);
  expect(documentedFields()).toEqual(Object.keys(first ?? {}).toSorted(byText));

  await sendRaw(gateway, 'GET http://u:secret@h/ HTTP/1.1\r\n\r\n');
  const [, , , refused] = await untilLines(() => readLines(path), 4);
  expect(refused).toMatchObject({ status: 400, code: 'bad_request', path: '', client_address: '127.0.0.1' });
  expect(readFileSync(path, 'utf8')).not.toContain('secret');

  await Promise.all(Array.from({ length: 200 }, async () => gateway.send('/open')));
  await gateway.stop();
  expect(readLines(path), 'what was served before the end').toHaveLength(204);
});

test('a file that was moved away is opened anew on SIGHUP, and no line is lost', async () => {
  const path = `${folder.path}/rotated.log`;
  const gateway = await gatewayWith(path);
  await gateway.send('/open');
  await untilLines(() => readLines(path), 1);
  renameSync(path, `${path}.1`);
  await gateway.send('/open');
  await untilLines(() => readLines(`${path}.1`), 2);
  gateway.signal('SIGHUP');
  await waitFor(
    async () => {
      await gateway.send('/open');
      return readLines(path).length > 0;
    },
    { what: 'lines come to the new file' },
  );
  await gateway.stop();
  const all = [...readLines(`${path}.1`), ...readLines(path)];
  expect(all).toHaveLength(new Set(all.map((line) => line['request_id'])).size);
});

test('on standard output lines stand whole among those of the gateway’s own log', async () => {
  const gateway = await gatewayWith('stdout');
  await Promise.all(Array.from({ length: 100 }, async () => gateway.send('/open')));
  await gateway.stop();
  expect(linesOf(gateway.output)).toHaveLength(100);
  for (const line of gateway.output.split('\n').filter((one) => one !== ''))
    expect(() => void JSON.parse(line)).not.toThrow();
});

// Elsewhere a pipe cannot be opened anew.
test.runIf(process.platform === 'linux')(
  'a reader of standard output that takes nothing does not keep the process from ending',
  async () => {
    const program = `
    import { LogFile } from ${JSON.stringify(new URL('../dist/ops/access-log/log-file.js', import.meta.url).href)};
    const log = await LogFile.open(undefined, () => {});
    for (let line = 0; line < 2000; line += 1) log.append('x'.repeat(99) + '\\n', 1);
    await log.close();
    process.stderr.write('lines: ' + (log.written + log.dropped), () => process.exit(0));`;
    // Node's own pipes to its children are sockets.
    const line = '{ "$0" --input-type=module --eval "$1"; echo ", status: $?" >&2; } | sleep 600';
    const shell = spawn('sh', ['-c', line, process.execPath, program], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    onTestFinished(() => void process.kill(-(shell.pid ?? 0), 'SIGKILL'));
    let told = '';
    shell.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
    await waitFor(() => told.includes('status'), { what: 'the process has ended' });
    expect(told).toBe('lines: 2000, status: 0\n');
  },
);

test('a log that cannot be written costs lines, which are counted, and no traffic', async () => {
  const gateway = await gatewayWith('/dev/full');
  expect((await gateway.send('/open')).status).toBe(200);
  await waitFor(async () => (await gateway.metric('sluice_access_log_lines_dropped_total')) === 1, {
    what: 'it is counted',
  });
  expect((await gateway.send('/open')).status).toBe(200);
  await gateway.stop();
});

test('a path that cannot be opened is told at the start, with the remedy', async () => {
  const gateway = stack.gateway({ ACCESS_LOG: `${folder.path}/nowhere/a.log` });
  expect(await gateway.exited).toBe(1);
  expect(gateway.output).toContain('ACCESS_LOG');
  expect(gateway.output).toContain('give a file in a folder that exists');
});

test('nothing is written without ACCESS_LOG', async () => {
  const gateway = await stack.readyGateway();
  await gateway.send('/open');
  await gateway.stop();
  expect(linesOf(gateway.output)).toEqual([]);
});
