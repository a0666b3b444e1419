// One target as the main thread keeps it, across revisions: its row, its ejection, its checks, and what is told of it.
import type { EjectionSpec, HealthSpec, TargetState } from '@sluice/contracts';
import type { Clock } from '../../limits/clock.js';
import type { EjectionCause } from '../ejecting.js';
import type { PlacedTarget } from '../target.js';
import { ActiveChecks } from './active-checks.js';
import type { CheckNow } from './active-checks.js';
import { Ejection } from './ejection.js';
import { ejectedBit, targetWord, unhealthyBit, upstreamWord } from './health-table.js';
import type { Place, Row } from './health-table.js';

export interface KeptTargetOptions {
  readonly clock: Clock;
  readonly url: string;
  readonly address: string | undefined;
  /** Undefined: the table is full; nothing is kept of it. */
  readonly rows: { readonly own: Row; readonly upstream: Row } | undefined;
  readonly check: (health: HealthSpec) => CheckNow;
  /** @param isFirst it is known to be well, as it had counted before. */
  readonly onChange: (isFirst: boolean) => void;
}

const ejectionInWords: Readonly<Record<EjectionCause, string>> = {
  '5xx': 'too many 5xx answers in a row',
  'gateway-errors': 'too many 502, 503, 504, broken or late answers in a row',
  'connect-failures': 'too many connections in a row could not be opened',
};

export class KeptTarget {
  weight = 1;
  readonly #options: KeptTargetOptions;
  readonly #ejection: Ejection;
  #checks: ActiveChecks | undefined;
  #checkedAs = '';
  #isUnhealthy = false;
  /** It has answered a check or a request well. */
  #isKnown = false;
  #since: number;
  #cause = '';

  constructor(options: KeptTargetOptions) {
    this.#options = options;
    this.#since = options.clock.wallMs();
    this.#ejection = new Ejection(options.clock, () => this.#onReturn());
  }

  get placed(): PlacedTarget {
    const { url, address, rows } = this.#options;
    return { url, address, weight: this.weight, place: rows?.own.place };
  }

  get place(): Place | undefined {
    return this.#options.rows?.own.place;
  }

  get state(): TargetState {
    if (this.#ejection.isOn) return 'ejected';
    if (this.#isUnhealthy) return 'unhealthy';
    return this.#isKnown ? 'healthy' : 'unknown';
  }

  get told(): { url: string; address: string | null; state: TargetState; since: number; cause: string } {
    const { url, address } = this.#options;
    return { url, address: address ?? null, state: this.state, since: this.#since, cause: this.#cause };
  }

  /** As the newest revision says. Checks that are to be made as before go on; `tls` is part of what they are. */
  follow(health: HealthSpec | undefined, tls: object | undefined): void {
    const { rows, clock, check } = this.#options;
    const checkedAs = health === undefined ? '' : JSON.stringify([health, tls]);
    if (checkedAs === this.#checkedAs || rows === undefined) return;
    this.#checkedAs = checkedAs;
    this.#checks?.stop();
    this.#checks = undefined;
    if (health === undefined) this.#setHealthy(true, '');
    else
      this.#checks = new ActiveChecks(
        {
          spec: health,
          clock,
          check: check(health),
          onGood: () => this.answered(),
          onChange: (isHealthy, cause) => this.#setHealthy(isHealthy, cause),
        },
        !this.#isUnhealthy,
      );
  }

  /** It has answered a check or a request well. */
  answered(): void {
    if (this.#isKnown) return;
    this.#isKnown = true;
    if (this.state === 'healthy') this.#changed('', true);
  }

  /** A thread has ejected it. Returns for how long. */
  eject(cause: EjectionCause, rules: EjectionSpec): number {
    const lastsMs = this.#ejection.begin(rules);
    this.#changed(ejectionInWords[cause]);
    return lastsMs;
  }

  /** Its upstream ejects nobody any more. */
  readmit(): void {
    this.#ejection.end();
  }

  /** It is gone. */
  stop(): void {
    const { rows } = this.#options;
    if (rows?.own.lower(targetWord.state, ejectedBit) === true) rows.upstream.add(upstreamWord.ejected, -1);
    this.#ejection.stop();
    this.#checks?.stop();
  }

  #onReturn(): void {
    const { rows } = this.#options;
    if (rows === undefined) return;
    if (rows.own.lower(targetWord.state, ejectedBit)) rows.upstream.add(upstreamWord.ejected, -1);
    rows.upstream.add(upstreamWord.version, 1);
    this.#changed('');
  }

  #setHealthy(isHealthy: boolean, cause: string): void {
    const { rows } = this.#options;
    if (rows === undefined || isHealthy !== this.#isUnhealthy) return;
    this.#isUnhealthy = !isHealthy;
    if (isHealthy) rows.own.lower(targetWord.state, unhealthyBit);
    else rows.own.raise(targetWord.state, unhealthyBit);
    rows.upstream.add(upstreamWord.version, 1);
    this.#changed(cause);
  }

  #changed(cause: string, isFirst = false): void {
    this.#since = this.#options.clock.wallMs();
    this.#cause = cause;
    this.#options.onChange(isFirst);
  }
}
