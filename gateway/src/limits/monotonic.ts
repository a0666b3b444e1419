// Milliseconds of the machine's monotonic clock: the same number in every thread of a process, so that a deadline
// written by one can be read by another. `performance.now()` alone counts from the start of its own thread.
// `process.hrtime()` is the exact base, but allocates: it is read once.

const [seconds, nanoseconds] = process.hrtime();
const baseMs = seconds * 1000 + nanoseconds / 1e6 - performance.now();

export const monotonicMs = (): number => performance.now() + baseMs;

/** A moment as 32 bits that wrap after 49 days: two such moments are compared by the sign of their difference. */
export const wrapMs = (ms: number): number => Math.floor(ms) | 0;

/** Whether a wrapped moment still lies ahead. Right for moments within 24 days of now. */
export const isAhead = (wrapped: number, nowMs: number): boolean => ((wrapped - wrapMs(nowMs)) | 0) > 0;
