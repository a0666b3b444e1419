import { Plus, Trash2 } from 'lucide-react';
import type { ComponentProps } from 'react';
import { Button } from './button';

/** Adds an entry to a list in a form; its words name the kind of entry. */
export function AddButton({ children, ...rest }: ComponentProps<typeof Button>) {
  return (
    <div>
      <Button {...rest}>
        <Plus aria-hidden />
        {children}
      </Button>
    </div>
  );
}

/** Takes an entry away. It stands in the grid of the entry's fields, level with the first control and below no label. */
export function RemoveButton({ what, onClick }: { what: string; onClick: () => void }) {
  return (
    <Button
      look="quiet"
      className="mt-[22px] justify-self-end max-sm:col-start-2 max-sm:row-start-1 sm:-col-end-1"
      aria-label={`Remove ${what}`}
      onClick={onClick}
    >
      <Trash2 aria-hidden />
    </Button>
  );
}
