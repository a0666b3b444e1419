// What tests use as a gateway's checks: an identity room, and threads that ask it over real ports.
import { randomBytes } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { createLogger } from '@sluice/runtime';
import type { KeySource, SigningAlgorithm, TokenQuestion } from '@sluice/engine';
import type { Clock } from '../limits/clock.js';
import { systemClock } from '../limits/clock.js';
import type { Resolve } from '../upstream/allowed-address.js';
import type { CpuShare } from './cpu-budgets.js';
import type { IdentityCount } from './identity-counters.js';
import { createIdentityCounters, IdentityCounters, sumOf } from './identity-counters.js';
import { IdentityRoom } from './identity-room.js';
import { createFetchJson } from './keys/fetch-json.js';
import { createFetchKeySet } from './keys/fetch-key-set.js';
import type { RemoteChecks } from './remote-checks.js';
import { createRemoteChecks } from './remote-checks.js';

export interface TriedRoom {
  readonly threads: readonly RemoteChecks[];
  readonly count: (name: IdentityCount) => number;
  readonly close: () => void;
}

export interface TryRoomOptions {
  readonly threads?: number;
  readonly allow?: readonly string[];
  readonly share?: CpuShare;
  readonly clock?: Pick<Clock, 'nowMs'>;
  readonly resolve?: Resolve;
}

export function tryRoom({
  threads: count = 1,
  allow = ['127.0.0.0/8'],
  share = { msPerSecond: 100_000, burstMs: 100_000 },
  clock = systemClock,
  resolve,
}: TryRoomOptions = {}): TriedRoom {
  const shared = createIdentityCounters(count);
  const room = new IdentityRoom({
    fetch: createFetchKeySet(createFetchJson(allow, resolve)),
    share,
    counters: new IdentityCounters(shared, count),
    logger: createLogger('test', 'silent'),
    clock,
  });
  const passwordSecret = randomBytes(32);
  const channels = Array.from({ length: count }, () => new MessageChannel());
  const threads = channels.map(({ port1, port2 }, thread) => {
    room.attach(port1);
    return createRemoteChecks({ port: port2, counters: new IdentityCounters(shared, thread), passwordSecret, clock });
  });
  return {
    threads,
    count: (name) => sumOf(shared, name),
    close: () => {
      for (const { port1 } of channels) port1.close();
    },
  };
}

/** What a policy would ask about this token. */
export function questionOf(token: string, keys: KeySource, algorithm: SigningAlgorithm = 'ES256'): TokenQuestion {
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid?: string };
  return { token, keys, algorithm, kid: header.kid };
}
