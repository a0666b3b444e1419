// Hands changes to every worker thread and knows when the last one has them in force.
import type { MessagePort, Worker } from 'node:worker_threads';
import type { FromThread, ThreadChange, ToThread } from './thread-message.js';

type Port = MessagePort | Worker;

// A whole goes over in parts, so that no thread stands still for long while it copies one.
const partSize = 2000;

export class Threads {
  readonly #ports = new Map<Port, number>();
  readonly #waiting: { readonly number: number; readonly resolve: () => void }[] = [];
  #number = 0;

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
    if (changes.length > 0) this.#post('now', changes, true);
    await this.#applied();
  }

  /** Replaces everything. Resolves when the last thread has swapped. */
  async replace(changes: readonly ThreadChange[]): Promise<void> {
    for (let from = 0; from === 0 || from < changes.length; from += partSize) {
      this.#post('staged', changes.slice(from, from + partSize), from + partSize >= changes.length);
    }
    await this.#applied();
  }

  #post(mode: ToThread['mode'], changes: readonly ThreadChange[], isLast: boolean): void {
    this.#number += 1;
    const message: ToThread = { type: 'changes', number: this.#number, mode, isLast, changes };
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
