// Whether traffic should be sent here: it enforces a snapshot that is not too old, and is not on its way out.
import type { CheckResult } from '@sluice/runtime';
import type { SnapshotStatus } from '../snapshot/snapshot.js';

export function readiness(
  status: SnapshotStatus,
  isDraining: boolean,
  maxSnapshotAgeMs: number,
  nowMs: number,
): CheckResult {
  const ageMs = nowMs - status.contactAt;
  const standing = {
    position: status.position,
    head: status.head,
    isConnected: status.isConnected,
    problem: status.problem ?? null,
  };
  if (isDraining) return { ok: false, reason: 'draining', ...standing };
  if (status.isDrainAsked) return { ok: false, reason: 'drained by the operator', ...standing };
  if (!status.isLoaded) return { ok: false, reason: status.problem ?? 'no snapshot yet', ...standing };
  if (ageMs > maxSnapshotAgeMs)
    return { ok: false, reason: `the control API was last heard ${Math.round(ageMs / 1000)} s ago`, ...standing };
  return { ok: true, ageMs, ...standing };
}
