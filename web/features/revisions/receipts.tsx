import type { Revision } from '@sluice/contracts';
import { plural } from '@/features/ui/numbers';
import { StatusBadge } from '@/features/ui/status-badge';

interface ReceiptCount {
  readonly applied: number;
  readonly refused: number;
  /** Of how many: those that have answered, and those that live and have not. */
  readonly of: number;
}

export function countReceipts({ receipts, awaited }: Pick<Revision, 'receipts' | 'awaited'>): ReceiptCount {
  return {
    applied: receipts.filter((receipt) => receipt.state === 'applied' && receipt.refusals.length === 0).length,
    refused: receipts.filter((receipt) => receipt.state === 'refused' || receipt.refusals.length > 0).length,
    of: receipts.length + awaited.length,
  };
}

/** Whether a revision has arrived, in one line. */
export function Receipts({ revision }: { revision: Pick<Revision, 'number' | 'receipts' | 'awaited'> }) {
  const { applied, refused, of } = countReceipts(revision);
  if (refused > 0) {
    return (
      <StatusBadge tone="bad">
        r{revision.number}: {plural(refused, 'gateway')} refused a part of it
      </StatusBadge>
    );
  }
  if (of === 0) {
    return <StatusBadge tone="warn">r{revision.number}: no gateway is connected</StatusBadge>;
  }
  return (
    <StatusBadge tone={applied === of ? 'ok' : 'info'}>
      r{revision.number} on {applied} of {plural(of, 'gateway')}
    </StatusBadge>
  );
}
