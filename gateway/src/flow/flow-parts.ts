// The rooms that a request passes through, as one thread has them.
import type { IdentityChecks } from '../identity/identity-checks.js';
import type { Budgets } from '../limits/index.js';
import type { Admission } from '../overload/admission.js';
import type { ThreadCounters } from '../ops/counters.js';
import type { LineWriter } from '../ops/lines.js';
import type { Tracer } from '../ops/traces/tracer.js';
import type { RecordWriter } from '../records/index.js';
import type { Replica } from '../snapshot/replica.js';
import type { Upstreams } from '../upstream/upstream.js';
import type { LongRequests } from './long-requests.js';

export interface FlowParts {
  readonly admission: Admission;
  readonly replica: Replica;
  readonly budgets: Budgets;
  readonly identity: IdentityChecks;
  readonly records: RecordWriter;
  readonly longRequests: LongRequests;
  readonly upstreams: Upstreams;
  readonly counters: ThreadCounters;
  /** Undefined: off, which costs nothing. */
  readonly accessLog: LineWriter | undefined;
  /** The same. */
  readonly tracer: Tracer | undefined;
  readonly onBug: (error: unknown, requestId: string) => void;
}
