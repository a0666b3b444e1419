// What a gateway records of a request that it ended itself: nobody takes it for a client that went.
import { connect } from 'node:net';
import { rowToRecord } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { expect, test } from 'vitest';
import { host } from './feed-server.js';
import { documentOf, routeTo, Stack } from './stack.js';

test('a stream that a drain cuts off is recorded with its status and why, one that had no answer with 499 and why', async () => {
  const stack = await Stack.start();
  try {
    const { url } = await stack.upstream((req, res) => {
      if (req.url === '/a/events') res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    stack.feed.publish(documentOf({ one: url }, [routeTo('one', '/a')]));
    const gateway = await stack.readyGateway({ THREADS: '1', DRAIN_DELAY_MS: '0', DRAIN_BOUND_MS: '1' });
    let heard = '';
    for (const path of ['/a/events', '/a/silent']) {
      const socket = connect({ port: gateway.port, host: '127.0.0.1' });
      socket.on('error', () => undefined).on('data', (chunk) => (heard += String(chunk)));
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    }
    await waitFor(async () => heard.includes('data: 1') && (await gateway.metric('sluice_requests_in_flight')) === 2, {
      what: 'both are under way',
    });
    expect(await gateway.stop()).toBe(0);
    const records = stack
      .spooled()
      .flatMap((text) => text.split('\n'))
      .map((line) => line.slice(line.search(/\[\d+,"[0-9a-f]{8}-/)))
      .filter((row) => row.startsWith('['))
      .map((row) => rowToRecord(JSON.parse(row)).data);
    const cut = { code: 'connection_cut', because: 'drain' };
    const outcomeOf = (path: string): unknown => {
      const record = records.find((one) => one?.path === path);
      return [record?.status, (JSON.parse(record?.reasons ?? '[]') as unknown[]).at(-1)];
    };
    expect([outcomeOf('/a/events'), outcomeOf('/a/silent')]).toEqual([
      [200, cut],
      [499, cut],
    ]);
  } finally {
    await stack.stop();
  }
});
