// The states a list or page can be in beside "full": empty, failed, forbidden. Each says the next step.
import { CircleAlert, Lock, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '@/features/api/call';
import { RetryButton } from './retry-button';
import { restOf } from './said-once';

export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 rounded-card border border-line bg-surface px-5 py-8">
      <p className="font-strong text-16">{title}</p>
      {children !== undefined && <div className="max-w-[68ch] text-text-2">{children}</div>}
      {action}
    </div>
  );
}

/** What, why, what to do, and the id to quote. */
export function FailureState({ failure, what }: { failure: Failure; what?: string }) {
  const Icon = failure.code === 'forbidden' ? Lock : failure.code === 'not_found' ? SearchX : CircleAlert;
  return (
    <div role="alert" className="flex gap-3 rounded-card border border-line bg-surface px-5 py-5">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 stroke-[1.5] text-bad" />
      <div className="flex min-w-0 flex-col items-start gap-2">
        <p className="font-strong">{what ?? failure.title}</p>
        <p className="max-w-[68ch] wrap-anywhere text-text-2">{restOf(failure)}</p>
        {failure.requestId !== null && (
          <p className="text-12 text-text-3">
            Request <code className="break-all text-12 select-all">{failure.requestId}</code>
          </p>
        )}
        {failure.isRetryable && <RetryButton />}
      </div>
    </div>
  );
}

/** The same inside a form, above its button, for what belongs to no single field. The detail alone says it all. */
export function FormFailure({ failure }: { failure: Failure | null }) {
  if (failure === null || failure.errors.some((error) => error.pointer !== '')) return null;
  return (
    <div role="alert" className="flex gap-2 rounded-control bg-bad-tint px-3 py-2 text-text">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 stroke-[1.5] text-bad" />
      <p className="min-w-0 wrap-anywhere">
        {failure.detail}
        {failure.requestId !== null && <span className="block text-12">Request {failure.requestId}</span>}
      </p>
    </div>
  );
}
