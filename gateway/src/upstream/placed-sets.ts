// A thread's target sets, placed as the main thread says.
import type { MessagePort } from 'node:worker_threads';
import type { FromThread, ToThread } from './health/health-messages.js';
import { HealthTable } from './health/health-table.js';
import { TargetSets } from './target-sets.js';

export function placedSets(shared: SharedArrayBuffer, port: MessagePort): TargetSets {
  const sets = new TargetSets({
    table: new HealthTable(shared),
    tell: (seen: FromThread) => port.postMessage(seen),
  });
  port.on('message', (message: ToThread) => {
    if (message.type === 'environment') sets.place(message.environmentId, message.upstreams);
    else sets.placeOne(message.environmentId, message.upstream);
  });
  return sets;
}
