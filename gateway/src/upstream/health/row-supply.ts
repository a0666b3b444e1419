// Gives out the rows of the health table, each to one owner at a time, and to no tenant more than a sixteenth of them: a
// name may have hundreds of addresses, each with a row, and who finds none has no checks, ejection and limits. A row that
// came back goes to the end of the line: requests that began on it have long ended when it is somebody else's.
import type { HealthTable, Place } from './health-table.js';

const shareOfOne = 1 / 16;

/** One tenant's way to rows. */
export interface TenantRows {
  /** Undefined: the tenant has as many as it may, or the table is full. */
  take(): Place | undefined;
  giveBack(place: Place | undefined): void;
}

export class RowSupply {
  readonly #heldBy = new Map<string, number>();
  readonly #returned: number[] = [];
  #next = 1; // row 0 is the gateway's own
  #firstReturned = 0;

  constructor(private readonly table: HealthTable) {}

  of(tenantId: string): TenantRows {
    const most = Math.ceil(shareOfOne * this.table.rows);
    const count = (by: 1 | -1): void => {
      const held = (this.#heldBy.get(tenantId) ?? 0) + by;
      if (held === 0) this.#heldBy.delete(tenantId);
      else this.#heldBy.set(tenantId, held);
    };
    return {
      take: () => {
        const place = (this.#heldBy.get(tenantId) ?? 0) < most ? this.#take() : undefined;
        if (place !== undefined) count(1);
        return place;
      },
      giveBack: (place) => {
        if (place === undefined) return;
        count(-1);
        this.#giveBack(place);
      },
    };
  }

  #take(): Place | undefined {
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

  #giveBack(place: Place): void {
    this.table.end(place);
    this.#returned.push(place.row);
  }
}
