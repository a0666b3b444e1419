// Gives out the rows of the health table, each to one owner at a time. A row that came back goes to the end of the line:
// requests that began on it have long ended when it is somebody else's.
import type { HealthTable, Place } from './health-table.js';

export class RowSupply {
  readonly #returned: number[] = [];
  #next = 1; // row 0 is the gateway's own
  #firstReturned = 0;

  constructor(private readonly table: HealthTable) {}

  /** Undefined: the table is full. */
  take(): Place | undefined {
    if (this.#next < this.table.rows) {
      this.#next += 1;
      return this.table.begin(this.#next - 1);
    }
    const row = this.#returned[this.#firstReturned];
    if (row === undefined) return undefined;
    this.#firstReturned += 1;
    if (this.#firstReturned > 1000) this.#returned.splice(0, this.#firstReturned);
    if (this.#firstReturned > 1000) this.#firstReturned = 0;
    return this.table.begin(row);
  }

  giveBack(place: Place | undefined): void {
    if (place === undefined) return;
    this.table.end(place);
    this.#returned.push(place.row);
  }
}
