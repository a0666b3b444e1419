// Waiting for a condition, never for a duration. The condition may throw while the thing it asks is not there yet: the
// last error becomes the cause when the deadline passes.
import { setTimeout as delay } from 'node:timers/promises';

export interface WaitForOptions {
  /** After this long the wait fails. Default 30 s: on a machine that is busy, what takes a second takes ten. */
  readonly timeoutMs?: number;
  /** Names what was waited for in the error: "both gateways answer". */
  readonly what: string;
  readonly intervalMs?: number;
  readonly signal?: AbortSignal;
}

/** Resolves with the condition's first value that is neither `undefined`, `null` nor `false`. */
export const waitFor = async <T>(
  condition: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  { timeoutMs = 30_000, what, intervalMs = 25, signal }: WaitForOptions,
): Promise<T> => {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) {
      const reason = lastError instanceof Error ? `: ${lastError.message}` : '';
      throw new Error(`Waited ${timeoutMs} ms in vain until ${what}${reason}`, { cause: lastError });
    }
    await delay(intervalMs, undefined, signal ? { signal } : {});
  }
};
