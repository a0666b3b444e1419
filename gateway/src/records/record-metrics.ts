// What the spool counts.
import { Counter, readGauge, type Registry } from '@sluice/runtime';

export interface RecordMetrics {
  appended(rows: number): void;
  shed(reason: ShedReason, rows: number): void;
  failed(): void;
  segment(event: SegmentEvent): void;
}

/** `disk`: over the spool's budget. `slow`: the file system does not keep up. `worker`: the main thread does not. `stopped`: came after the end. */
export type ShedReason = 'disk' | 'slow' | 'worker' | 'stopped';
type SegmentEvent = 'sealed' | 'recovered' | 'shipped' | 'shipped_again' | 'acknowledged' | 'damaged';

export const createRecordMetrics = (
  registry: Registry,
  bytes: () => number,
  waiting: () => number,
  inQueue: () => number,
): RecordMetrics => {
  const registers = [registry];
  const appended = new Counter({
    name: 'sluice_records_appended_total',
    help: 'Records appended to a segment.',
    registers,
  });
  const shed = new Counter({
    name: 'sluice_records_shed_total',
    help: 'Records that could not be kept.',
    labelNames: ['reason'],
    registers,
  });
  const failures = new Counter({
    name: 'sluice_spool_failures_total',
    help: 'File operations of the spool that failed and were tried again.',
    registers,
  });
  const segments = new Counter({
    name: 'sluice_segments_total',
    help: 'What happened to segments.',
    labelNames: ['event'],
    registers,
  });
  readGauge(registry, 'sluice_spool_bytes', 'Bytes of all segments on this disk.', bytes);
  readGauge(registry, 'sluice_segments_waiting', 'Sealed segments not yet in the queue.', waiting);
  readGauge(registry, 'sluice_segments_unacknowledged', 'Segments in the queue, not yet acknowledged.', inQueue);
  return {
    appended: (rows) => appended.inc(rows),
    shed: (reason, rows) => shed.inc({ reason }, rows),
    failed: () => failures.inc(),
    segment: (event) => segments.inc({ event }),
  };
};
