// Requests on their way to a target, as the rest of the gateway sees them, whatever client carries the bytes.
import type { ProblemCode, UpstreamSpec } from '@sluice/contracts';
import type { Transport } from '@sluice/engine';
import type { Body } from '../http1/body.js';

export type UpstreamFailure = Extract<
  ProblemCode,
  | 'upstream_unreachable'
  | 'upstream_forbidden_address'
  | 'upstream_failed'
  | 'upstream_timeout'
  | 'upstream_overloaded'
  // The request's body broke off.
  | 'bad_request'
>;

export interface UpstreamRequest {
  readonly tenantId: string;
  readonly environmentId: string;
  /** The upstream's name in the document. */
  readonly name: string;
  readonly spec: UpstreamSpec;
  readonly method: string;
  /** Canonical, with the query; the target's own path comes before it. */
  readonly path: string;
  /** Names and values in turn, without hop-by-hop headers, Host and framing. */
  readonly headers: readonly string[];
  readonly body: BodySource | null;
  /** The protocol that the client wants to go on with, such as `websocket`. Undefined: none. */
  readonly upgrade?: string | undefined;
  /** Whose request it is. Where the upstream says `reuse: credential`, no other's follows on its connection. */
  readonly credential: string;
  /** What `consistent-hash` goes by. */
  readonly hashKey: string | undefined;
  /** Times and tries as the route says. Undefined: as the upstream says. */
  readonly transport: Pick<Transport, 'timeoutMs' | 'perTryTimeoutMs' | 'totalTimeoutMs' | 'retries'> | undefined;
  /** Told of each try. Undefined: the request is not traced. */
  readonly trace?: TryTrace | undefined;
}

/** Who records the tries of one request, one after the other. */
export interface TryTrace {
  /** @returns the `traceparent` that the next try carries. */
  next(): string;
  begin(origin: string): void;
  onHead(status: number): void;
  onFailed(failure: UpstreamFailure): void;
  /** May be called when no try is under way. */
  end(): void;
}

/** A body for as many tries as what is kept of it allows. */
export interface BodySource {
  /** `open` will give a body. */
  readonly isAtHand: boolean;
  /** The body from its beginning; undefined: some of it was read, and not kept. What was opened before is over. */
  open(): Body | undefined;
  /** Nobody will read any more of it. */
  drop(): void;
}

export interface UpstreamReceiver {
  /** @param headers names and values in turn, as the target sent them. */
  onHead(status: number, headers: readonly string[]): void;
  /**
   * In place of `onHead`, to a request with `upgrade`: the target has switched protocols. What it says from now on comes by
   * `onData`, until `onEnd`.
   */
  onUpgrade?(headers: readonly string[], tunnel: UpstreamTunnel): void;
  /** False: send no more until `resume`. The chunk is the receiver's during the call; after `false`, until `resume`. */
  onData(chunk: Uint8Array): boolean;
  onEnd(): void;
  /** The end, before or (then `upstream_failed`, or `upstream_timeout` when its time was up) after the head. */
  onFailure(failure: UpstreamFailure): void;
}

/** The way to a target that has switched protocols. `abort` of the call breaks it. */
export interface UpstreamTunnel {
  /** False: wait for `onDrain`; until then the chunk must not change. */
  write(chunk: Uint8Array): boolean;
  /** The client has said all. */
  end(): void;
  onDrain: (() => void) | undefined;
}

/** A request under way. */
export interface UpstreamCall {
  /** The origin of the target in use, such as `http://users-api:3000`. */
  readonly target: string;
  /** Tries so far, from 1. */
  readonly attempts: number;
  /** Body bytes sent, by the last try. */
  readonly sentBytes: number;
  /** From sending the head to the first byte of the answer, of the last try; 0 before that. */
  readonly firstByteMs: number;
  resume(): void;
  /** The client has gone: stop, tell nobody. */
  abort(): void;
}

export interface Upstreams {
  send(request: UpstreamRequest, receiver: UpstreamReceiver): UpstreamCall;
  /** Sends a copy of a request, whose answer and failures nobody sees. Left out when too many copies are under way. */
  mirror(request: UpstreamRequest): void;
  /** Whether any target of the upstream is well: neither ejected nor unhealthy. */
  isHealthy(environmentId: string, name: string, spec: UpstreamSpec): boolean;
  /** Ends idle connections; those in use end with their answers. */
  close(): Promise<void>;
}
