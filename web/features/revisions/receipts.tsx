import type { Revision } from '@sluice/contracts';
import { plural } from '@/features/ui/numbers';
import { StatusBadge } from '@/features/ui/status-badge';

interface ReceiptCount {
  readonly applied: number;
  readonly refused: number;
  readonly live: number;
}

export function countReceipts({ receipts, liveGateways }: Pick<Revision, 'receipts' | 'liveGateways'>): ReceiptCount {
  return {
    applied: receipts.filter((receipt) => receipt.state === 'applied' && receipt.refusals.length === 0).length,
    refused: receipts.filter((receipt) => receipt.state === 'refused' || receipt.refusals.length > 0).length,
    live: liveGateways,
  };
}

/** Whether a revision has arrived, in one line. */
export function Receipts({ revision }: { revision: Pick<Revision, 'number' | 'receipts' | 'liveGateways'> }) {
  const { applied, refused, live } = countReceipts(revision);
  if (refused > 0) {
    return (
      <StatusBadge tone="bad">
        r{revision.number}: {plural(refused, 'gateway')} refused a part of it
      </StatusBadge>
    );
  }
  if (live === 0 && applied === 0) {
    return <StatusBadge tone="warn">r{revision.number}: no gateway is connected</StatusBadge>;
  }
  return (
    <StatusBadge tone={applied >= live ? 'ok' : 'info'}>
      r{revision.number} on {applied} of {plural(Math.max(live, applied), 'gateway')}
    </StatusBadge>
  );
}
