// Every live change of the fleet, as the feed sent it: what the last good snapshot on disk is made of, and what a new
// whole is compiled from. The newest change of each object, in the order of positions.
import { assertNever } from '@sluice/runtime';
import type { ReceivedEntry } from './received.js';

export class HeldChanges {
  readonly #entries = new Map<string, ReceivedEntry>();

  apply(entry: ReceivedEntry): void {
    const { environmentId, change } = entry;
    if (change.kind === 'environment' && change.document === null) {
      this.#forgetEnvironment(environmentId);
      return;
    }
    const key = keyOf(entry);
    this.#entries.delete(key); // so that it moves to the end
    this.#entries.set(key, entry);
  }

  values(): ReceivedEntry[] {
    return [...this.#entries.values()];
  }

  /** The revision that an environment has now. */
  environment(environmentId: string): ReceivedEntry | undefined {
    return this.#entries.get(`${environmentId} environment`);
  }

  #forgetEnvironment(environmentId: string): void {
    for (const [key, entry] of this.#entries) if (entry.environmentId === environmentId) this.#entries.delete(key);
  }
}

function keyOf({ environmentId, change }: ReceivedEntry): string {
  switch (change.kind) {
    case 'environment':
      return `${environmentId} environment`;
    case 'weights':
      return `${environmentId} weights ${change.route}`;
    case 'subscription':
      return `${environmentId} subscription ${change.id}`;
    case 'credential':
      return `${environmentId} credential ${change.hash}`;
    default:
      return assertNever(change);
  }
}
