// A clock that tests set. It stands still by itself.
import type { Clock } from '../limits/clock.js';

export class TryClock implements Pick<Clock, 'nowMs' | 'wallMs'> {
  ms = 1_000_000;

  nowMs(): number {
    return this.ms;
  }

  wallMs(): number {
    return this.ms;
  }

  pass(ms: number): void {
    this.ms += ms;
  }
}
