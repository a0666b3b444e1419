// How near the process is to the end of its memory, as all threads see it. The system's bound is the container's, where there
// is one; a thread's is V8's for its heap, since reaching it ends the thread and with it the process.
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { MemoryPressure } from './admission.js';

const pressures = ['none', 'short', 'out'] as const satisfies readonly MemoryPressure[];
/** Parts of the bound. Between them the largest tenants are shed; above, all new requests are. */
const shortAt = 0.85;
const outAt = 0.95;

export function createMemoryCell(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/** On the main thread, twice a second. */
export function watchMemory(cell: SharedArrayBuffer, limitBytes = memoryLimit()): { stop(): void } {
  const view = new Int32Array(cell);
  const timer = setInterval(() => {
    Atomics.store(view, 0, pressures.indexOf(pressureOf(process.memoryUsage.rss(), limitBytes)));
  }, 500).unref();
  return { stop: () => clearInterval(timer) };
}

/** The worse of the process's and this thread's own. */
export class ThreadMemory {
  readonly #process: Int32Array;
  #own: MemoryPressure = 'none';

  constructor(cell: SharedArrayBuffer) {
    this.#process = new Int32Array(cell);
  }

  /** Twice a second: it costs some microseconds. */
  look(): void {
    const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
    this.#own = pressureOf(usedBytes, limitBytes);
  }

  get pressure(): MemoryPressure {
    const process = pressures[Atomics.load(this.#process, 0)] ?? 'none';
    return pressures.indexOf(process) > pressures.indexOf(this.#own) ? process : this.#own;
  }
}

function pressureOf(usedBytes: number, limitBytes: number): MemoryPressure {
  const part = usedBytes / limitBytes;
  if (part >= outAt) return 'out';
  return part >= shortAt ? 'short' : 'none';
}

function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
