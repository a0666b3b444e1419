'use client';

import { useState } from 'react';
import { Button } from '@/features/ui/button';
import { CopyButton } from '@/features/ui/copy-button';

/** Backup codes in full, the only time. Going on before they were copied asks once. */
export function BackupCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const [isCopied, setIsCopied] = useState(false);
  const [isWarned, setIsWarned] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      <p className="max-w-[68ch] text-text-2">
        Each of these backup codes signs you in once when the phone is not at hand. This is the only time they are
        shown: keep them where your passwords are, not on the phone.
      </p>
      <ol
        aria-label="Backup codes"
        className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-control border border-line bg-sunken px-4 py-3 font-mono text-13"
      >
        {codes.map((code) => (
          <li key={code} className="select-all">
            {code}
          </li>
        ))}
      </ol>
      {isWarned && !isCopied && (
        <p role="alert" className="rounded-control bg-warn-tint px-3 py-2">
          You have not copied the codes. They cannot be shown again.
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <CopyButton
          text={codes.join('\n')}
          name="the backup codes"
          look="primary"
          size="normal"
          isLabelled
          onCopied={() => setIsCopied(true)}
        />
        <Button onClick={() => (isCopied || isWarned ? onDone() : setIsWarned(true))}>
          {isWarned && !isCopied ? 'Go on without them' : 'I have kept them'}
        </Button>
      </div>
    </div>
  );
}
