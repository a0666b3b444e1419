// Requests on their way to a target, as the rest of the gateway sees them, whatever client carries the bytes.
import type { ProblemCode, UpstreamSpec } from '@sluice/contracts';
import type { Transport } from '@sluice/engine';
import type { Readable } from 'node:stream';

export type UpstreamFailure = Extract<
  ProblemCode,
  'upstream_unreachable' | 'upstream_forbidden_address' | 'upstream_failed' | 'upstream_timeout' | 'upstream_overloaded'
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
  /** Names and values in turn, without hop-by-hop headers, Host and framing other than Content-Length. */
  readonly headers: readonly string[];
  readonly body: BodySource | null;
  /** What `consistent-hash` goes by. */
  readonly hashKey: string | undefined;
  /** Times and tries as the route says. Undefined: as the upstream says. */
  readonly transport: Pick<Transport, 'timeoutMs' | 'perTryTimeoutMs' | 'totalTimeoutMs' | 'retries'> | undefined;
}

/** A body for as many tries as what is kept of it allows. */
export interface BodySource {
  /** `open` will give a stream. */
  readonly isAtHand: boolean;
  /** The body from its beginning; undefined: some of it was read, and not kept. What was opened before is over. */
  open(): Readable | undefined;
  /** Nobody will read any more of it. */
  drop(): void;
}

export interface UpstreamReceiver {
  /** @param headers names and values in turn, as the target sent them. */
  onHead(status: number, headers: readonly string[]): void;
  /** False: send no more until `resume`. */
  onData(chunk: Uint8Array): boolean;
  onEnd(): void;
  /** The end, before or (then `upstream_failed`, or `upstream_timeout` when its time was up) after the head. */
  onFailure(failure: UpstreamFailure): void;
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
  /** Ends idle connections; those in use end with their answers. */
  close(): Promise<void>;
}
