// A thread of the tests that looks up credentials all the while, until it is told to end. It counts those that it finds, and says
// what it saw that nobody has written: each credential that is written says its version three times.
import { parentPort, workerData } from 'node:worker_threads';
import { CredentialReader } from './credential-reader.js';
import type { Key, SharedCredentials } from './layout.js';

export interface TryReaderStart {
  readonly shared: SharedCredentials;
  readonly key: Key;
  /** Not 0: the end. And how many it has found. */
  readonly state: Int32Array;
}

if (parentPort !== null) {
  const { shared, key, state } = workerData as TryReaderStart;
  const reader = new CredentialReader(shared);
  const torn: unknown[] = [];
  for (let rounds = 0; Atomics.load(state, 0) === 0; rounds += 1) {
    const fact = reader.find(key, `k${rounds % 20}`);
    const version = fact?.id.split(' ')[1];
    if (version === undefined) continue;
    Atomics.add(state, 1, 1);
    if (fact?.subscriptionId !== `of ${version}` || fact.scopes?.[0] !== version) torn.push(fact);
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
  parentPort.postMessage(torn);
}
