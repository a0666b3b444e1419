import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@sluice/local-stack';
import { expect, onTestFinished, test } from 'vitest';
import { addressRule } from './allowed-address.js';
import { createUpstreams } from './undici-upstreams.js';
import type { UpstreamCall } from './upstream.js';

interface Heard {
  readonly call: UpstreamCall;
  result: string;
}

/** A target that answers nobody until it is told, behind one connection and a queue of two. */
async function start(timeoutMs: number): Promise<{ send: () => Heard; held: ServerResponse[] }> {
  const held: ServerResponse[] = [];
  const server = createServer((_req, res) => void held.push(res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const upstreams = createUpstreams(addressRule(['127.0.0.0/8']), { connections: 1, queued: 2 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const spec = { targets: [{ url, weight: 1 }], timeoutMs };
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await upstreams.close();
  });
  const send = (): Heard => {
    const heard = { result: '' } as { call: UpstreamCall; result: string };
    heard.call = upstreams.send(
      {
        tenantId: 'ten_1',
        environmentId: 'env_1',
        name: 'one',
        spec,
        method: 'GET',
        path: '/',
        headers: [],
        body: null,
        hashKey: undefined,
        transport: undefined,
      },
      {
        onHead: (status) => (heard.result = String(status)),
        onData: () => true,
        onEnd: () => undefined,
        onFailure: (failure) => (heard.result = failure),
      },
    );
    return heard;
  };
  return { send, held };
}

test('a request that finds the queue of its target full is refused at once', async () => {
  const { send, held } = await start(60_000);
  const heard = [send()];
  await waitFor(() => held.length === 1, { what: 'the only connection is in use' });
  heard.push(send(), send(), send(), send());
  await waitFor(() => heard.filter(({ result }) => result === 'upstream_timeout').length > 0, {
    what: 'a request is refused',
  });
  const refused = heard.filter(({ result }) => result === 'upstream_timeout').length;
  expect([refused, heard[0]?.result]).toEqual([2, '']);
  // Those in the queue get their turn.
  for (let answered = 0; answered < heard.length - refused; answered += 1) {
    await waitFor(() => held.length > answered, { what: 'the next request has arrived' });
    held[answered]?.end('done');
  }
  await waitFor(() => heard.every(({ result }) => result !== ''), { what: 'all are answered' });
  expect(heard.map(({ result }) => result).toSorted()).toEqual([
    '200',
    '200',
    '200',
    'upstream_timeout',
    'upstream_timeout',
  ]);
});

test('the time in the queue counts against the upstream’s timeout', async () => {
  const { send, held } = await start(1500);
  const first = send();
  await waitFor(() => held.length === 1, { what: 'the only connection is in use' });
  held[0]?.writeHead(200).write('begun, and never ended');
  await waitFor(() => first.result === '200', { what: 'the first has its head' });
  const second = send();
  await waitFor(() => second.result !== '', { what: 'the second is told', timeoutMs: 4000 });
  expect([second.result, first.result, held.length]).toEqual(['upstream_timeout', '200', 1]);
});
