// One request and its answer, as the rest of the gateway sees them, whatever protocol carries the bytes. The wire has
// refused already what is not to be trusted; what stands here has exactly one host and a canonical path.
import type { ProblemCode } from '@sluice/contracts';
import type { Socket } from 'node:net';
import type { Body } from '../http1/body.js';

/** Names and values in turn, as they came: `[name, value, name, value, ...]`. */
export type RawHeaders = readonly string[];

export interface Exchange {
  readonly method: string;
  /** In lower case, without port. */
  readonly host: string;
  /** It came over a TLS connection whose certificate does not name its host. */
  readonly isMisdirected: boolean;
  /** As the client wrote it: host and port. */
  readonly authority: string;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  readonly headers: RawHeaders;
  readonly protocol: 'http' | 'https';
  readonly clientAddress: string;
  /** `performance.now()` when the head had arrived. */
  readonly startedAt: number;
  /** A header's value by its name in lower case. */
  header(name: string): string | undefined;
  /** The request's body; null: it has none. Asking for it lets a client that expects `100 Continue` begin. */
  takeBody(): Body | null;
  /** The client asks to go on with a WebSocket. */
  readonly wantsWebSocket: boolean;
  /**
   * In place of `start`: grants it. What the client says from now on comes as a body, until it ends its side; what is
   * written goes to it as it is.
   */
  switchProtocols(headers: RawHeaders): Body;
  /** Begins the answer. Only once. */
  start(status: number, headers: RawHeaders): void;
  /** False: wait for `onDrain`; until then the chunk must not change. */
  write(chunk: Uint8Array): boolean;
  end(): void;
  /** Breaks the connection, so that the client sees that the answer is not whole. */
  destroy(): void;
  readonly hasStarted: boolean;
  readonly isClosed: boolean;
  /** Why the wire broke the connection, though neither the client nor the answer had failed. */
  readonly cutFor: CutCause | undefined;
  /** Called when the client can take more. */
  onDrain: (() => void) | undefined;
  /** Called once, when the answer is wholly sent (`true`) or the client has gone before (`false`). */
  onClose: ((isComplete: boolean) => void) | undefined;
  /**
   * Called when the rest of the body cannot come: its framing is broken, or it comes too slowly. Nothing of it may go on;
   * the client can still be told. Without a listener the connection is broken.
   */
  onBodyFailed: ((fault: Malformed) => void) | undefined;
}

/** `idle`: nothing had come either way for too long. `drain`: the gateway ends, and does not wait any longer. */
export type CutCause = 'idle' | 'drain';

/** Why the wire itself refused a request. */
export interface Malformed {
  readonly code: Extract<ProblemCode, 'bad_request' | 'method_not_allowed' | 'request_timeout'>;
  readonly detail: string;
}

/**
 * What was wrong with a head, for those who count: too long, bytes that no head has, an end within, too slow, a method that
 * is not taken, anything else.
 */
export const refusalCauses = ['too_large', 'forbidden_byte', 'cut_off', 'too_slow', 'method', 'head'] as const;
export type RefusalCause = (typeof refusalCauses)[number];

/** A request that did not come to be an exchange. */
export interface Refusal extends Malformed {
  readonly cause: RefusalCause;
  readonly clientAddress: string;
}

export interface DrainBounds {
  /** What is in flight may take this long; then it is broken. */
  readonly boundMs: number;
  /**
   * A connection without a request is kept this long, so that a request that is on its way to it is still served: closing at
   * once would lose it. Then it is closed with a FIN, not with a reset.
   */
  readonly idleMs: number;
}

/** What lifecycle/listener.ts hands accepted connections to. */
export interface WireServer {
  /** Serves a connection; while draining too. Half-open sockets are allowed on it, and Nagle's delay is off. */
  accept(socket: Socket): void;
  /**
   * Closes the oldest handshake, where it has had time to end, or else a connection that has had no request under way for
   * long. False: there is none.
   */
  makeRoom(): boolean;
  /**
   * From now on each answer says `Connection: close` and ends its connection. Resolves when no connection is left. A second
   * call may only shorten the bounds of the first.
   */
  drain(bounds: DrainBounds): Promise<void>;
}

export interface WireOptions {
  readonly onExchange: (exchange: Exchange) => void;
  /** Counts, and gives the body (a problem) to answer with. */
  readonly onMalformed: (refusal: Refusal, requestPath: string) => string;
}
