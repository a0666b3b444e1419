// Hands changes to every worker thread and knows when the last one has them in force.
import type { MessagePort, Worker } from 'node:worker_threads';
import type { SharedCredentials } from './credentials/layout.js';
import type { FromThread, ThreadChange, ToThread } from './thread-message.js';

type Port = MessagePort | Worker;

// A whole goes over in parts, each when every thread has taken in the one before: a port hands all that has arrived to its
// thread in one turn, so parts that are sent at once are copied as one. A compiled route is as much to copy as twenty
// subscriptions.
const mostOfPart = 400;
const weightOfRoute = 20;

export class Threads {
  readonly #ports = new Map<Port, number>();
  readonly #waiting: { readonly number: number; readonly resolve: () => void }[] = [];
  #number = 0;

  /** @param before told of changes before any thread is. `isWhole`: what they do not name is gone. */
  constructor(
    private readonly before: (changes: readonly ThreadChange[], isWhole: boolean) => void = () => undefined,
  ) {}

  attach(port: Port): void {
    this.#ports.set(port, 0);
    port.on('message', (message: FromThread) => {
      if (message.type !== 'applied') return;
      this.#ports.set(port, message.number);
      this.#settle();
    });
  }

  detach(port: Port): void {
    this.#ports.delete(port);
    this.#settle();
  }

  /** Puts changes in force. Resolves when the last thread has swapped. */
  async apply(changes: readonly ThreadChange[]): Promise<void> {
    this.before(changes, false);
    if (changes.length > 0) this.#post('now', changes, true);
    await this.#applied();
  }

  /** Has credentials read from there. Resolves when the last thread does. */
  async readFrom(credentials: SharedCredentials): Promise<void> {
    this.#post('now', [], true, credentials);
    await this.#applied();
  }

  /** Replaces everything. Resolves when the last thread has swapped. Nothing else may be applied until then. */
  async replace(changes: readonly ThreadChange[], credentials: SharedCredentials): Promise<void> {
    this.before(changes, true);
    const parts = partsOf(changes);
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      this.#post('staged', part, isLast, isLast ? credentials : undefined);
      await this.#applied();
    }
  }

  #post(
    mode: ToThread['mode'],
    changes: readonly ThreadChange[],
    isLast: boolean,
    credentials?: SharedCredentials,
  ): void {
    this.#number += 1;
    const message: ToThread = { type: 'changes', number: this.#number, mode, isLast, changes, credentials };
    for (const port of this.#ports.keys()) port.postMessage(message);
  }

  async #applied(): Promise<void> {
    const number = this.#number;
    await new Promise<void>((resolve) => {
      this.#waiting.push({ number, resolve });
      this.#settle();
    });
  }

  #settle(): void {
    const lowest = Math.min(...this.#ports.values());
    while (this.#waiting[0] !== undefined && this.#waiting[0].number <= lowest) this.#waiting.shift()?.resolve();
  }
}

function partsOf(changes: readonly ThreadChange[]): ThreadChange[][] {
  const parts: ThreadChange[][] = [[]];
  let weight = 0;
  for (const change of changes) {
    const own = weightOf(change);
    if (weight > 0 && weight + own > mostOfPart) {
      parts.push([]);
      weight = 0;
    }
    parts.at(-1)?.push(change);
    weight += own;
  }
  return parts;
}

function weightOf(change: ThreadChange): number {
  if (change.kind !== 'environment') return 1;
  // Hosts that serve the same routes share one table.
  const tables = new Set(change.compiled.hosts.values());
  return weightOfRoute * [...tables].reduce((sum, table) => sum + 1 + table.sorted.length, 0);
}
