'use client';

import type { CredentialWithKey } from '@sluice/contracts';
import { useState } from 'react';
import { Button } from '@/features/ui/button';
import { CopyButton } from '@/features/ui/copy-button';
import { Dialog } from '@/features/ui/dialog';
import { KeyText } from './key-text';

/** The key in full, the only time. Closing before it was copied asks once. */
export function ShownOnce({ made, onClose }: { made: CredentialWithKey; onClose: () => void }) {
  const [isCopied, setIsCopied] = useState(false);
  const [isWarned, setIsWarned] = useState(false);
  const close = () => (isCopied || isWarned ? onClose() : setIsWarned(true));
  return (
    <Dialog
      isOpen
      onClose={close}
      title={`Your key ${made.name}`}
      description="This is the only time it is shown. Keep it where your secrets are."
    >
      <KeyText value={made.key} onSelect={() => setIsCopied(true)} />
      {isWarned && !isCopied && (
        <p role="alert" className="rounded-control bg-warn-tint px-3 py-2">
          You have not copied the key. Once closed, it cannot be shown again.
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={close}>{isWarned && !isCopied ? 'Close without it' : 'Done'}</Button>
        <CopyButton
          text={made.key}
          name="the key"
          look="primary"
          size="normal"
          isLabelled
          onCopied={() => setIsCopied(true)}
        />
      </div>
    </Dialog>
  );
}
