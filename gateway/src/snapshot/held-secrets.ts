// What the references of an environment's documents stand for, as the feed has told last. The values are in memory, and in the
// encrypted snapshot on disk; nothing else of the gateway writes them down.
import type { Document } from '@sluice/contracts';
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

/** Whether a document, as it came, refers to one of the secrets. It may be one that this version cannot read. */
export function refersTo(document: unknown, names: ReadonlySet<string>): boolean {
  if (typeof document === 'string') {
    const name = secretNameOf(document);
    return name !== undefined && names.has(name);
  }
  if (typeof document !== 'object' || document === null) return false;
  return Object.values(document as Document).some((member) => refersTo(member, names));
}
