import type { Revision } from '@sluice/contracts';
import { CircleAlert } from 'lucide-react';
import { DomainsLink } from '@/features/hosts/domains-link';

/** What gateways refused of the newest revision below an object: shown where it is edited, never hidden. */
export function Refusals({
  revision,
  prefix,
}: {
  revision: Pick<Revision, 'number' | 'receipts'> | undefined;
  prefix: string;
}) {
  const refusals = refusalsBelow(revision, prefix);
  if (revision === undefined || refusals.length === 0) return null;
  return (
    <ul className="flex flex-col gap-2" aria-label="Refused by gateways">
      {refusals.map(({ object, code, detail, gateways }) => (
        <li key={`${object} ${code} ${detail}`} className="flex gap-2 rounded-control bg-bad-tint px-3 py-2">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 stroke-[1.5] text-bad" />
          <span className="min-w-0 wrap-anywhere">
            <code>{object}</code> is not served: {detail} (r{revision.number}, refused by {gateways.join(', ')})
            {code === 'host_not_claimed' && (
              <>
                . <DomainsLink />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface GatheredRefusal {
  readonly object: string;
  readonly code: string;
  readonly detail: string;
  readonly gateways: readonly string[];
}

/** The refusals of all gateways, each different one once, with who refused it. */
export function refusalsBelow(revision: Pick<Revision, 'receipts'> | undefined, prefix: string): GatheredRefusal[] {
  const gathered = new Map<string, GatheredRefusal>();
  for (const receipt of revision?.receipts ?? []) {
    for (const refusal of receipt.refusals) {
      if (prefix !== '' && refusal.object !== prefix && !refusal.object.startsWith(`${prefix}/`)) continue;
      const key = JSON.stringify(refusal);
      const gateways = [...(gathered.get(key)?.gateways ?? []), receipt.gatewayId];
      gathered.set(key, { ...refusal, gateways });
    }
  }
  return [...gathered.values()];
}
