// getaddrinfo, for one name of a tenant's at a time in the whole process. Each call holds one of the two threads that libuv
// lends to such calls, for ten seconds or more where DNS is silent; and whoever owns a name may have DNS say that there is
// none, and be silent when it is asked again. The other thread stays free for the names that the operator has set (Redis,
// the control plane), whatever tenants do.
import { lookup } from 'node:dns/promises';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

// Threads are started with what the main thread has set: this is the same memory in all of them.
const cellName = 'sluice: getaddrinfo is asked for a tenant';
if (getEnvironmentData(cellName) === undefined) setEnvironmentData(cellName, new SharedArrayBuffer(4));
const cell = new Int32Array(getEnvironmentData(cellName) as unknown as SharedArrayBuffer);

/** None: nobody knows the name, or another one is asked for now. */
export async function askSystem(hostname: string): Promise<string[]> {
  if (Atomics.compareExchange(cell, 0, 0, 1) !== 0) return [];
  try {
    return (await lookup(hostname, { all: true })).map(({ address }) => address);
  } finally {
    Atomics.store(cell, 0, 0);
  }
}
