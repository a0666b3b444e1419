// Requests on their way to a target, as the rest of the gateway sees them, whatever client carries the bytes.
import type { ProblemCode, UpstreamSpec } from '@sluice/contracts';
import type { Readable } from 'node:stream';

export type UpstreamFailure = Extract<
  ProblemCode,
  'upstream_unreachable' | 'upstream_forbidden_address' | 'upstream_failed' | 'upstream_timeout'
>;

export interface UpstreamRequest {
  readonly tenantId: string;
  /** The upstream's name in the document. */
  readonly name: string;
  readonly spec: UpstreamSpec;
  readonly method: string;
  /** Canonical, with the query; the target's own path comes before it. */
  readonly path: string;
  /** Names and values in turn, without hop-by-hop headers, Host and framing other than Content-Length. */
  readonly headers: readonly string[];
  /** Streamed once: a request whose body has begun to flow is never sent again. */
  readonly body: Readable | null;
}

export interface UpstreamReceiver {
  /** @param headers names and values in turn, as the target sent them. */
  onHead(status: number, headers: readonly string[]): void;
  /** False: send no more until `resume`. */
  onData(chunk: Uint8Array): boolean;
  onEnd(): void;
  /** The end, before or (then always `upstream_failed`) after the head. */
  onFailure(failure: UpstreamFailure): void;
}

/** A request under way. */
export interface UpstreamCall {
  /** The origin of the target in use, such as `http://users-api:3000`. */
  readonly target: string;
  /** Targets tried so far, from 1. */
  readonly attempts: number;
  /** Body bytes sent. */
  readonly sentBytes: number;
  /** From sending the head to the first byte of the answer; 0 before that. */
  readonly firstByteMs: number;
  resume(): void;
  /** The client has gone: stop, tell nobody. */
  abort(): void;
}

export interface Upstreams {
  send(request: UpstreamRequest, receiver: UpstreamReceiver): UpstreamCall;
  /** Ends idle connections; those in use end with their answers. */
  close(): Promise<void>;
}
