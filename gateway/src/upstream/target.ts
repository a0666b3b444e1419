// One target: where a try of a request goes.
import type { Place, Row } from './health/health-table.js';

export interface Target {
  /** Two targets of an upstream differ by it: the URL, and the address where a name is balanced over its addresses. */
  readonly key: string;
  /** As requests, records and TLS name it, such as `http://users-api:3000`. */
  readonly origin: string;
  /** One of the name's addresses: connections go there, and nowhere else. Undefined: look the origin's name up. */
  readonly address: string | undefined;
  /** The URL's path, without a slash at its end. */
  readonly basePath: string;
  readonly weight: number;
}

/** A target as the main thread has placed it. Place undefined: the health table has no room for it. */
export interface PlacedTarget {
  readonly url: string;
  readonly address: string | undefined;
  readonly weight: number;
  readonly place: Place | undefined;
}

/** A target with what is known of it. */
export class LiveTarget implements Target {
  readonly key: string;
  readonly origin: string;
  readonly address: string | undefined;
  readonly basePath: string;
  readonly weight: number;
  /** Where the smooth round robin stands. */
  turn = 0;
  /** Connections that this thread has open. */
  ownConnections = 0;
  /** This thread has told that it answers well. */
  hasAnswered = false;

  constructor(
    { url: text, address, weight }: Omit<PlacedTarget, 'place'>,
    readonly row: Row,
  ) {
    const url = new URL(text);
    this.key = targetKey(text, address);
    this.origin = url.origin;
    this.address = address;
    this.basePath = url.pathname.replace(/\/+$/, '');
    this.weight = weight;
  }
}

export function targetKey(url: string, address: string | undefined): string {
  return address === undefined ? url : `${url} ${address}`;
}
