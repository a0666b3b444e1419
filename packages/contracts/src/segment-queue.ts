// The queue between gateways and the log-worker: one BullMQ job per segment, never per request. The job
// carries the segment's rows. Adding a job twice is harmless: the insert is deduplicated by segment id.
import { z } from 'zod';

export const segmentQueueName = 'segments';

/** bootId-index-hash: the same boot and index with another hash is a contradiction, and is quarantined. */
export const segmentIdSchema = z.string().regex(/^boot_[0-9a-f]{32}-\d{1,9}-[0-9a-f]{16}$/);

export const segmentJobSchema = z.object({
  version: z.literal(1),
  recordVersion: z.int(),
  segmentId: segmentIdSchema,
  gatewayId: z.string(),
  bootId: z.string(),
  index: z.int(),
  /** Of the first row; rows are numbered without gaps from here. */
  firstSeq: z.int(),
  rowCount: z.int().min(0),
  /** True for the boot's last segment: nothing comes after it. */
  isClose: z.boolean(),
  /** The UTC day of every row, YYYY-MM-DD: an insert into one partition is atomic. */
  day: z.iso.date(),
  /** SHA-256, in hex, of the uncompressed rows; its first 16 digits stand in the segment id. */
  sha256: z.string().length(64),
  /** zstd over JSON lines (one row array a line), in base64. */
  rows: z.string(),
});

export type SegmentJob = z.infer<typeof segmentJobSchema>;

/** The Redis list (on the queue's server) into which the log-worker pushes the ids of segments that are safe in ClickHouse. */
export function acknowledgementKey(gatewayId: string): string {
  return `sluice:acknowledged:${gatewayId}`;
}
