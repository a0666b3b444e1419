import { CircleAlert } from 'lucide-react';
import { Time } from '@/features/ui/time';

/** Above every page of a tenant that is deleted: why nothing can be changed, and what still can be done. */
export function DeletedNotice({ tenant, purgeAt }: { tenant: string; purgeAt: string }) {
  return (
    <p className="mt-4 flex gap-2 rounded-control bg-bad-tint px-3 py-2">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 stroke-[1.5] text-bad" />
      <span className="min-w-0 wrap-anywhere">
        <strong>Deleted.</strong> Its gateways answer nothing, its members can read and change nothing, and it is gone
        for good on <Time at={purgeAt} as="date" />. Until then an owner can restore it:{' '}
        <code>POST /v1/tenants/{tenant}/restore</code>.
      </span>
    </p>
  );
}
