import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button, buttonClass } from './button';

/** The foot of a form: its one primary button, the way back, and whatever is apart from both. */
export function FormActions({
  label,
  isSending,
  backTo,
  children,
}: {
  label: string;
  isSending: boolean;
  backTo?: string;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button look="primary" type="submit" isSending={isSending}>
        {label}
      </Button>
      {backTo !== undefined && (
        <Link href={backTo} className={buttonClass('quiet')}>
          Back
        </Link>
      )}
      {children !== undefined && <div className="ml-auto flex gap-2">{children}</div>}
    </div>
  );
}
