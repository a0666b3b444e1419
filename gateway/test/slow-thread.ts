// Loaded into a gateway by NODE_OPTIONS: its worker threads are those of a machine on which every turn takes 30 ms.
import { isMainThread, workerData } from 'node:worker_threads';

const turnMs = 30;

if (!isMainThread && typeof workerData === 'object' && 'thread' in workerData) {
  const turn = (): void => {
    const untilMs = performance.now() + turnMs;
    while (performance.now() < untilMs);
  };
  setInterval(turn, 1).unref();
}
