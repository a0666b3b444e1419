// The wire between a broker and Redis, as the broker sees it: one run of `leaseScript`, answered within a bounded time or
// not at all. `redis-transport.ts` is the real one; a simulation puts another in its place.

export interface LeaseTransport {
  /**
   * Into how many parts the limits fall: 1 on one Redis, more on a Redis Cluster, where each has a hash tag of its own.
   * The same for every gateway of a fleet. A call is about one part.
   */
  readonly partitions: number;
  /**
   * Runs `leaseScript`; resolves with its reply: an array of strings and numbers. Rejects when no answer came, whether or
   * not the script ran. Sends once: who asks decides what to send again.
   */
  call(partition: number, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  isReachable(partition: number): boolean;
  /** Resolves when Redis can be asked, or after a time. */
  ready(withinMs: number): Promise<void>;
  close(): void;
}

/** A thread's way to the broker. Node's `MessagePort` is one; a simulation has ports that share its virtual time. */
export interface LimitsPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  ref(): void;
  unref(): void;
}
