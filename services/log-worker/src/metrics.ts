// What the log-worker counts. An alarm belongs on every outcome that is not `stored` or `acknowledged_again`.
import { Counter, Gauge, Histogram } from '@sluice/runtime';
import type { Registry } from '@sluice/runtime';

/**
 * `stored`, `completed` (an earlier attempt had broken off), `acknowledged_again` (it was in the ledger), `held` (newer
 * than this worker), `broken` (dead-lettered whole; its gateway ships it once more), `abandoned` (broken again:
 * its gateway was told to let go of it), `quarantined` (contradicts another), `failed` (tried again later).
 */
const outcomes = [
  'stored',
  'completed',
  'acknowledged_again',
  'held',
  'broken',
  'abandoned',
  'quarantined',
  'failed',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface JobCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

export function createWorkerMetrics(registry: Registry) {
  const registers = [registry];
  const segments = new Counter({
    name: 'sluice_log_worker_segments_total',
    help: 'Segments taken from the queue, by outcome',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of outcomes) segments.inc({ outcome }, 0);
  let countJobs: (() => Promise<JobCounts>) | undefined;
  const jobs = new Gauge({
    name: 'sluice_queue_jobs',
    help: 'Jobs in the queue, by state',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      if (countJobs === undefined) return;
      try {
        const counts = await countJobs();
        for (const [state, count] of Object.entries(counts)) this.set({ queue: 'segments', state }, count);
      } catch {
        // Redis is away: a number that is no longer true would be worse than none.
        this.reset();
      }
    },
  });
  return {
    segments,
    jobs,
    countJobs: (count: () => Promise<JobCounts>) => {
      countJobs = count;
    },
    rows: new Counter({ name: 'sluice_log_worker_rows_total', help: 'Rows stored in requests', registers }),
    poisonRows: new Counter({
      name: 'sluice_log_worker_poison_rows_total',
      help: 'Rows stored in dead_letters instead, by reason',
      labelNames: ['reason'],
      registers,
    }),
    doubled: new Counter({
      name: 'sluice_log_worker_doubled_segments_total',
      help: 'Segments whose rows were found more than once in requests',
      registers,
    }),
    seconds: new Histogram({
      name: 'sluice_log_worker_segment_seconds',
      help: 'From taking a segment to its acknowledgement',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    newest: new Gauge({
      name: 'sluice_log_worker_newest_record_timestamp_seconds',
      help: 'Start of the newest request that was stored, Unix seconds',
      registers,
    }),
    clickhouseUp: new Gauge({
      name: 'sluice_log_worker_clickhouse_up',
      help: '1 when ClickHouse answered the last check',
      registers,
    }),
  };
}
