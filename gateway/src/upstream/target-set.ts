// The targets of one upstream, as one thread's requests see them: which one is next, what happened to the last, and
// whether there is room for one more. `call.ts` asks and tells; ejection, health, balancing and the circuit breaker
// stand behind it. Nothing here waits, and what is taken must be given back exactly once.
import type { Target } from './target.js';
import type { UpstreamFailure } from './upstream.js';

export interface TargetSet {
  /** Whether any target is there that is not ejected and not unhealthy: a split falls back to stable otherwise. */
  readonly isHealthy: boolean;

  /** A request begins. False: too many are in flight (`upstream_overloaded`), and `end` is not to be called. */
  begin(): boolean;
  end(): void;

  /**
   * The target for the next try. Undefined: all have been tried.
   * @param hashKey what `consistent-hash` goes by; undefined: the request has none, and any target will do.
   */
  pick(tried: readonly Target[], hashKey: string | undefined): Target | undefined;

  /** A try has the target's connection, or waits for one. */
  beginTry(target: Target): void;
  endTry(target: Target): void;
  /** The head of an answer came (1xx are none). At most once for a try. */
  onAnswer(target: Target, status: number): void;
  /**
   * The try failed before a head came. Not for tries that the client made pointless, nor for those that gave up while
   * they waited for a connection in use: the target has no part in it.
   */
  onFailure(target: Target, failure: UpstreamFailure, isOpened: boolean): void;

  /** Before a connection is opened. False: the target has as many as it may have; wait for one, or take another target. */
  takeConnection(target: Target): boolean;
  /** It has closed, or could not be opened. */
  giveConnection(target: Target): void;
  /** Before a try waits for a connection in use. False: too many wait. */
  takePending(target: Target): boolean;
  /** It got its connection, or gave up. */
  givePending(target: Target): void;

  /** Before a try that a target may have to bear in addition. False: it would be too much. */
  takeRetry(nowMs: number): boolean;
  giveRetry(): void;
}
