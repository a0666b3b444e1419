// Which environments have time series of their own. There may be thousands; the busiest are told apart, up to a cap, and all
// others are counted together. A series that once stands only grows: what an environment had before it was named stays with
// the others, and where one gives its place away, its series ends. So a rate is never wrong because names have changed.
import { addTo, column, emptyRow, rowLength } from './counters.js';
import type { Traffic } from './counters.js';

/** What an environment is called. */
export interface EnvironmentName {
  readonly tenant: string;
  readonly environment: string;
  readonly revision: number;
}

/** How much busier than the quietest of the named an environment must be to take its place: two alike must not take turns. */
const clearlyBusier = 1.5;
/** What is left of an environment's use after a ranking. */
const fading = 0.5;

interface Counted {
  /** As it stood at the last look. */
  last: Float64Array;
  /** Requests, of late ones most. */
  use: number;
  /** What came while it has been named; undefined: it is among the others. */
  series: Float64Array | undefined;
}

export class NamedEnvironments {
  readonly #counted = new Map<string, Counted>();
  readonly #others = emptyRow();
  #crowd = emptyRow();
  #inFlight: ReadonlyMap<string, number> = new Map();
  #named = 0;

  constructor(private readonly most: number) {}

  /** Takes in what was counted since the last look. */
  look({ byEnvironment, crowd }: Traffic, isKnown: (environmentId: string) => boolean): void {
    for (const [id, row] of byEnvironment) {
      const counted = this.#of(id);
      const more = difference(row, counted.last);
      counted.last = row;
      counted.use += more[column.durationCount] ?? 0;
      if (counted.series !== undefined && !isKnown(id)) this.#unname(counted);
      const isBusy = (more[column.durationCount] ?? 0) > 0 || (row[column.inFlight] ?? 0) > 0;
      if (counted.series === undefined && isBusy && this.#named < this.most && isKnown(id)) this.#name(counted);
      addTo(counted.series ?? this.#others, more);
    }
    addTo(this.#others, difference(crowd, this.#crowd));
    this.#crowd = crowd;
    this.#inFlight = this.#readInFlight();
  }

  /** Gives places of quiet environments to busier ones. To be called now and then. */
  rank(isKnown: (environmentId: string) => boolean): void {
    const byUse = [...this.#counted].toSorted(([, one], [, other]) => other.use - one.use);
    const waiting = byUse.filter(([id, { series, use }]) => series === undefined && use > 0 && isKnown(id));
    const quiet = byUse.filter(([, { series }]) => series !== undefined).toReversed();
    for (const [index, [, busier]] of waiting.entries()) {
      const quieter = quiet[index]?.[1];
      if (this.#named < this.most) this.#name(busier);
      else if (quieter !== undefined && busier.use > clearlyBusier * quieter.use) {
        this.#unname(quieter);
        this.#name(busier);
      } else break;
    }
    for (const counted of this.#counted.values()) counted.use *= fading;
  }

  /** Of the named, by id. */
  *series(): Generator<[string, Float64Array]> {
    for (const [id, { series }] of this.#counted) if (series !== undefined) yield [id, this.#withInFlight(id, series)];
  }

  get others(): Float64Array {
    return this.#withInFlight('', this.#others);
  }

  #of(id: string): Counted {
    let counted = this.#counted.get(id);
    if (counted === undefined) {
      counted = { last: emptyRow(), use: 0, series: undefined };
      this.#counted.set(id, counted);
    }
    return counted;
  }

  #name(counted: Counted): void {
    counted.series = emptyRow();
    this.#named += 1;
  }

  #unname(counted: Counted): void {
    counted.series = undefined;
    this.#named -= 1;
  }

  // What is in flight is no sum over time: who has no name now is among the others with all of it.
  #readInFlight(): Map<string, number> {
    const inFlight = new Map<string, number>([['', this.#crowd[column.inFlight] ?? 0]]);
    for (const [id, { series, last }] of this.#counted) {
      const key = series === undefined ? '' : id;
      inFlight.set(key, (inFlight.get(key) ?? 0) + (last[column.inFlight] ?? 0));
    }
    return inFlight;
  }

  #withInFlight(key: string, series: Float64Array): Float64Array {
    const row = series.slice();
    row[column.inFlight] = this.#inFlight.get(key) ?? 0;
    return row;
  }
}

function difference(now: Float64Array, before: Float64Array): Float64Array {
  const row = new Float64Array(rowLength);
  for (let index = 0; index < rowLength; index += 1) row[index] = (now[index] ?? 0) - (before[index] ?? 0);
  return row;
}
