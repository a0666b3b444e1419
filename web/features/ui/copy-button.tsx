'use client';

import { Check, Copy, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button';
import type { ButtonLook, ButtonSize } from './button';

type CopyState = 'ready' | 'copied' | 'failed';

/** Copies a text and says truthfully whether it did. */
export function CopyButton({
  text,
  name,
  look = 'quiet',
  size = 'compact',
  isLabelled = false,
  onCopied,
}: {
  text: string;
  /** What is copied: "the key". */
  name: string;
  look?: ButtonLook;
  size?: ButtonSize;
  isLabelled?: boolean;
  onCopied?: () => void;
}) {
  const [state, setState] = useState<CopyState>('ready');
  useEffect(() => {
    if (state === 'ready') return undefined;
    const timer = setTimeout(() => setState('ready'), 2500);
    return () => clearTimeout(timer);
  }, [state]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
      onCopied?.();
    } catch {
      setState('failed');
    }
  }

  const words = { ready: 'Copy', copied: 'Copied', failed: 'Not copied: select it and press Ctrl+C' }[state];
  const Icon = { ready: Copy, copied: Check, failed: TriangleAlert }[state];
  return (
    <Button look={look} size={size} onClick={() => void copy()} aria-label={`${words} (${name})`} title={words}>
      <Icon aria-hidden />
      {(isLabelled || state === 'failed') && <span>{words}</span>}
      <output className="sr-only">{state === 'ready' ? '' : words}</output>
    </Button>
  );
}
