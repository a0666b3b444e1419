// A thread of the tests that looks up credentials all the while, until it is told to end. It says how often it looked, and what it
// saw that nobody has written: each credential that is written says its version three times.
import { parentPort, workerData } from 'node:worker_threads';
import { CredentialReader } from './credential-reader.js';
import type { Key, SharedCredentials } from './layout.js';

export interface TryReaderStart {
  readonly shared: SharedCredentials;
  readonly key: Key;
  /** Not 0: the end. */
  readonly end: Int32Array;
}

if (parentPort !== null) {
  const { shared, key, end } = workerData as TryReaderStart;
  const reader = new CredentialReader(shared);
  const torn: unknown[] = [];
  let rounds = 0;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
  parentPort.postMessage('looking');
  for (; Atomics.load(end, 0) === 0; rounds += 1) {
    const fact = reader.find(key, `k${rounds % 20}`);
    const version = fact?.id.split(' ')[1];
    if (version === undefined) continue;
    if (fact?.subscriptionId !== `of ${version}` || fact.scopes?.[0] !== version) torn.push(fact);
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
  parentPort.postMessage({ rounds, torn });
}
