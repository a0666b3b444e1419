import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedisCluster, type RunningRedisCluster } from './redis-cluster.js';

let cluster: RunningRedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster({ nodes: 3 });
});
afterAll(async () => {
  await cluster.stop();
});

const ask = async (port: number, line: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${line}\r\n`);
  const [reply] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return reply.toString();
};

test('three masters share all slots, and a key is served by exactly one of them', async () => {
  expect(cluster.nodes).toHaveLength(3);
  for (const key of ['{l0}:a', '{l1}:a', '{l7}:a', 'sluice']) {
    const replies = await Promise.all(cluster.nodes.map(async ({ port }) => ask(port, `SET ${key} 1`)));
    expect(replies.filter((reply) => reply === '+OK\r\n')).toHaveLength(1);
    expect(replies.filter((reply) => reply.startsWith('-MOVED'))).toHaveLength(2);
  }
});

test('its URL names all of them', () => {
  expect(cluster.url.split(',')).toEqual(cluster.nodes.map(({ port }) => `redis://127.0.0.1:${port}`));
});
