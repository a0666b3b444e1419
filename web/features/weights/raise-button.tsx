'use client';

import { useState } from 'react';
import { Button } from '@/features/ui/button';
import { Popover } from '@/features/ui/popover';

/** Raising a weight is riskier than lowering it: the consequence stands beside the button that does it. */
export function RaiseButton({
  sentences,
  isSending,
  onConfirm,
}: {
  sentences: readonly string[];
  isSending: boolean;
  onConfirm: () => void;
}) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover isOpen={isOpen} onOpenChange={setIsOpen} trigger={<Button look="primary">Set weights…</Button>}>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p className="text-13 text-text-2">
        It takes effect on every gateway within a second. “Stop canary” takes it back at once.
      </p>
      <div className="flex justify-end gap-2">
        <Button onClick={() => setIsOpen(false)}>Cancel</Button>
        <Button
          look="primary"
          isSending={isSending}
          onClick={() => {
            setIsOpen(false);
            onConfirm();
          }}
        >
          Raise it
        </Button>
      </div>
    </Popover>
  );
}
