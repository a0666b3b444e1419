// A real Redis Cluster on loopback: masters that share the 16,384 hash slots evenly, without replicas. Needs a program on
// this machine (a container would announce an address that nobody outside reaches).
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { startRedis, type RunningRedis } from './redis.js';
import { temporaryFolder } from './temporary-folder.js';
import { waitFor } from './wait-for.js';

export interface RedisClusterOptions {
  /** Masters; Redis wants three at least for a cluster that survives one. Default 3. */
  readonly nodes?: number;
}

export interface RunningRedisCluster {
  /** All nodes, parted by commas, as REDIS_LIMITS_URL takes them. */
  readonly url: string;
  readonly nodes: readonly RunningRedis[];
  stop(): Promise<void>;
}

const hashSlots = 16_384;
/** The nodes talk to each other on their port plus this. */
const busOffset = 10_000;

export const startRedisCluster = async ({
  nodes: count = 3,
}: RedisClusterOptions = {}): Promise<RunningRedisCluster> => {
  const folder = await temporaryFolder('sluice-redis-cluster-');
  const nodes: RunningRedis[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map(async (node) => node.stop()));
    await folder.remove();
  };
  try {
    for (let index = 0; index < count; index += 1) {
      const dir = join(folder.path, `node-${index}`);
      nodes.push(await startRedis({ dir, port: await freePort(busOffset), isClusterNode: true }));
    }
    await unite(nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: nodes.map(({ url }) => url).join(','), nodes, stop };
};

const unite = async (nodes: readonly RunningRedis[]): Promise<void> => {
  for (const [index, node] of nodes.entries()) {
    const from = Math.floor((index * hashSlots) / nodes.length);
    const to = Math.floor(((index + 1) * hashSlots) / nodes.length);
    const slots = Array.from({ length: to - from }, (_, offset) => String(from + offset));
    await command(node.port, ['CLUSTER', 'ADDSLOTS', ...slots]);
    // Epochs of their own, so that nobody has to settle who owns what.
    await command(node.port, ['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)]);
  }
  for (const node of nodes.slice(1))
    await command(nodes[0]?.port ?? 0, ['CLUSTER', 'MEET', '127.0.0.1', String(node.port)]);
  for (const node of nodes) {
    await waitFor(
      async () => {
        const info = await command(node.port, ['CLUSTER', 'INFO']);
        return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}\r\n`);
      },
      { what: `the Redis on port ${node.port} sees a whole cluster`, timeoutMs: 30_000 },
    );
  }
};

/** One command on a connection of its own; its reply as Redis wrote it. An error reply throws. */
const command = async (port: number, words: readonly string[]): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
  let reply = '';
  try {
    while (!isWhole(reply)) reply += String(((await once(socket, 'data')) as [Buffer])[0]);
  } finally {
    socket.destroy();
  }
  if (reply.startsWith('-')) throw new Error(`Redis on port ${port}: ${words.slice(0, 2).join(' ')}: ${reply.trim()}`);
  return reply;
};

const isWhole = (reply: string): boolean => {
  const end = reply.indexOf('\r\n');
  if (end < 0) return false;
  return !reply.startsWith('$') || reply.length >= end + 2 + Number(reply.slice(1, end)) + 2;
};
