// What the references of an environment's documents stand for, as the feed has told last. The values are in memory, and in the
// encrypted snapshot on disk; nothing else of the gateway writes them down.
import { secretNameOf } from '@sluice/contracts';
import type { ReceivedEntry } from './received.js';

export class HeldSecrets {
  readonly #entries = new Map<string, ReceivedEntry>();
  readonly #values = new Map<string, string>();

  apply(name: string, value: string | null | undefined, entry: ReceivedEntry): void {
    this.#entries.set(name, entry);
    if (typeof value === 'string') this.#values.set(name, value);
    else this.#values.delete(name);
  }

  /** By name. Those that are missing here are refused where a document refers to them. */
  get values(): ReadonlyMap<string, string> {
    return this.#values;
  }

  entries(): Iterable<ReceivedEntry> {
    return this.#entries.values();
  }
}

/** Whether a document, as it came, refers to one of the secrets. It may be one that this version cannot read, or nested without end. */
export function refersTo(document: unknown, names: ReadonlySet<string>): boolean {
  const left: unknown[] = [document];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') {
      const name = secretNameOf(value);
      if (name !== undefined && names.has(name)) return true;
    } else if (typeof value === 'object' && value !== null) {
      for (const member of Object.values(value)) left.push(member);
    }
  }
  return false;
}
