// What the engine made of the revisions that were asked about last. Compiling a large document holds this process up for half a
// second, and any developer of a portal may ask again and again.
import type { CompileResult } from '@sluice/engine';

const mostKept = 16;

export class KeptResults {
  readonly #kept = new Map<string, CompileResult>();

  /** `key` names all that the result hangs on. */
  async of(key: string, make: () => Promise<CompileResult>): Promise<CompileResult> {
    const result = this.#kept.get(key) ?? (await make());
    // The one that was asked about longest ago goes first.
    this.#kept.delete(key);
    this.#kept.set(key, result);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return result;
  }
}
