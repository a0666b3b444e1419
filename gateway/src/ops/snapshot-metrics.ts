// What this gateway enforces, and how old it is, as Prometheus metrics.
import { readGauge } from '@sluice/runtime';
import type { Registry } from '@sluice/runtime';
import type { SnapshotStatus } from '../snapshot/snapshot.js';

export function registerSnapshotMetrics(registry: Registry, status: () => SnapshotStatus): void {
  const gauge = (name: string, help: string, read: (status: SnapshotStatus) => number): void => {
    readGauge(registry, name, help, () => read(status()));
  };
  gauge('sluice_feed_connected', '1 while the change feed is followed', ({ isConnected }) => Number(isConnected));
  gauge('sluice_snapshot_position', 'Position of the change feed that is in force', ({ position }) => position);
  gauge(
    'sluice_snapshot_behind',
    'Positions between what is in force and the head of the feed',
    ({ head, position }) => head - position,
  );
  gauge('sluice_snapshot_age_seconds', 'Time since the change feed was last heard', ({ contactAt }) =>
    contactAt === 0 ? -1 : (Date.now() - contactAt) / 1000,
  );
}
