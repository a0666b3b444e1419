// What the engine made of the revisions that were asked about last. Compiling a large document holds this process up for half a
// second, and any developer of a portal may ask again and again, many times at once.
import type { CompileResult } from '@sluice/engine';

const mostKept = 16;

export class KeptResults {
  readonly #kept = new Map<string, Promise<CompileResult>>();

  /** `key` names all that the result hangs on. What fails is not kept. */
  async of(key: string, make: () => Promise<CompileResult>): Promise<CompileResult> {
    const result = this.#kept.get(key) ?? make();
    // The one that was asked about longest ago goes first.
    this.#kept.delete(key);
    this.#kept.set(key, result);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    try {
      return await result;
    } catch (error) {
      if (this.#kept.get(key) === result) this.#kept.delete(key);
      throw error;
    }
  }
}
