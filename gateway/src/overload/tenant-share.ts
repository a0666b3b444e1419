// What one tenant uses of one thread: requests begun, as a sum that fades within about a second, and those in flight.
import type { Admittee } from './admission.js';

/** What is left of a sum after a window of 100 ms. */
export const fading = 0.9;

export class TenantShare {
  /** Requests of the last second or so. */
  use = 0;
  inFlight = 0;
  /** Begun in this window. */
  begun = 0;
  /** It uses more of the thread's time than a fair share. */
  isHeavy = false;
  /** It has more requests in flight than a fair share: slow bodies and slow readers use little time, and hold connections. */
  isHolding = false;
  readonly waiting: { readonly admittee: Admittee; readonly sinceMs: number }[] = [];

  /** True: nothing is known of this tenant any more. */
  fade(): boolean {
    this.use *= fading;
    this.begun = 0;
    return this.use < 0.01 && this.inFlight === 0 && this.waiting.length === 0;
  }
}
