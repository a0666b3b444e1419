// Passive ejection, the part of the threads: failures in a row are counted in memory that all threads share, and the one
// that sees the last of them ejects the target at once. How long it stays out is the main thread's knowledge. It is told,
// too, of the first good answer: before, nobody can say that a target is well.
import type { EjectionSpec } from '@sluice/contracts';
import { ejectedBit, targetWord, upstreamWord } from './health/health-table.js';
import type { Place, Row } from './health/health-table.js';
import type { LiveTarget } from './target.js';

export const ejectionCauses = ['5xx', 'gateway-errors', 'connect-failures'] as const;
export type EjectionCause = (typeof ejectionCauses)[number];

/** A thread has ejected a target. */
export interface Ejected {
  readonly place: Place;
  readonly cause: EjectionCause;
}

/** A thread has had the first good answer of a target. */
export interface Answered {
  readonly place: Place;
  readonly cause: 'answered';
}

export class Ejecting {
  constructor(
    private readonly rules: EjectionSpec,
    private readonly upstream: Row,
    private readonly tell: (seen: Ejected | Answered) => void,
  ) {}

  good(target: LiveTarget): void {
    forget(target);
    if (target.hasAnswered) return;
    target.hasAnswered = true;
    this.tell({ place: target.row.place, cause: 'answered' });
  }

  /** @param of how many targets there are. */
  serverError(target: LiveTarget, of: number): void {
    target.row.clear(targetWord.gatewayErrors);
    target.row.clear(targetWord.connectFailures);
    this.#count(target, of, '5xx');
  }

  gatewayError(target: LiveTarget, of: number): void {
    target.row.clear(targetWord.connectFailures);
    if (!this.#count(target, of, 'gateway-errors')) this.#count(target, of, '5xx');
  }

  connectFailure(target: LiveTarget, of: number): void {
    if (!this.#count(target, of, 'connect-failures')) this.#count(target, of, '5xx');
  }

  #count(target: LiveTarget, of: number, cause: EjectionCause): boolean {
    const [word, most] = {
      '5xx': [targetWord.fives, this.rules.consecutive5xx] as const,
      'gateway-errors': [targetWord.gatewayErrors, this.rules.consecutiveGatewayErrors] as const,
      'connect-failures': [targetWord.connectFailures, this.rules.consecutiveConnectFailures] as const,
    }[cause];
    const count = target.row.add(word, 1);
    return most > 0 && count >= most && this.#eject(target, of, cause);
  }

  #eject(target: LiveTarget, of: number, cause: EjectionCause): boolean {
    // Without a row of its own it would stay out: nobody would hear of it.
    if (target.row.place.row === 0) return false;
    const { maxPercent } = this.rules;
    const most = maxPercent === 0 ? 0 : Math.max(1, Math.floor((of * maxPercent) / 100));
    if (!this.upstream.take(upstreamWord.ejected, most)) return false;
    if (!target.row.raise(targetWord.state, ejectedBit)) {
      this.upstream.add(upstreamWord.ejected, -1);
      return false;
    }
    this.upstream.add(upstreamWord.version, 1);
    forget(target);
    this.tell({ place: target.row.place, cause });
    return true;
  }
}

function forget({ row }: LiveTarget): void {
  row.clear(targetWord.fives);
  row.clear(targetWord.gatewayErrors);
  row.clear(targetWord.connectFailures);
}
