// How long to wait before the next connection: exponential with full jitter, so that a fleet that lost the control plane
// at one moment does not come back at one moment.
import { setTimeout as delay } from 'node:timers/promises';

const firstMs = 200;
const longestMs = 5000;
// A refused token seldom becomes valid by itself.
const refusedMs = 5000;

/** Resolves when it is time, or at once when `signal` aborts. */
export async function reconnectDelay(failures: number, isRefused: boolean, signal: AbortSignal): Promise<void> {
  const most = isRefused ? refusedMs : Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10));
  await delay(most * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined); // aborted: time to go
}
