// A worker thread of a test: wants as much as it can get until its limit is used up, and reports what it was granted.
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { createBudgets, type LimitRef } from './index.js';
import { demand } from './try-limits.js';

const { shared, port, limit } = workerData as { shared: SharedArrayBuffer; port: MessagePort; limit: LimitRef };
const budgets = createBudgets(shared, port);
let zeros = 0;
const accepted = await demand(budgets, [limit], 4, () => budgets.peek(limit) === 0 && ++zeros > 0);
// A unit that another gateway gives back is asked for again, a little later.
await delay(500);
const late = await demand(budgets, [limit], 1, () => budgets.peek(limit) === 0);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(accepted + late);
