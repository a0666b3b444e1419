'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button';

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
}

/** A dialog in the middle; below 768 px a sheet at the bottom. Escape and the cross close it; focus goes back. */
export function Dialog({ isOpen, onClose, title, description, children }: DialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[oklch(0_0_0/0.4)]" />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className="fixed z-40 flex max-h-[90dvh] flex-col gap-4 overflow-y-auto border border-line bg-surface p-5 shadow-float max-sm:inset-x-0 max-sm:bottom-0 max-sm:rounded-t-dialog sm:top-1/2 sm:left-1/2 sm:w-[520px] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-dialog"
        >
          <div className="flex items-start justify-between gap-3">
            <Radix.Title className="min-w-0 text-16 wrap-anywhere">{title}</Radix.Title>
            <Radix.Close asChild>
              <Button look="quiet" size="compact" aria-label="Close">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </div>
          {description !== undefined && (
            <Radix.Description asChild>
              <div className="text-text-2 wrap-anywhere">{description}</div>
            </Radix.Description>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A panel at the right, 560 px wide; the page beside it stays in sight. */
export function Drawer({ isOpen, onClose, title, children }: Omit<DialogProps, 'description'>) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()} modal={false}>
      <Radix.Portal>
        <Radix.Content
          aria-describedby={undefined}
          onInteractOutside={(event) => event.preventDefault()}
          className="fixed z-20 flex flex-col overflow-y-auto border-line bg-surface shadow-float max-sm:inset-x-0 max-sm:bottom-0 max-sm:max-h-[85dvh] max-sm:rounded-t-dialog max-sm:border-t sm:inset-y-0 sm:right-0 sm:w-[min(560px,60vw)] sm:border-l"
        >
          <div className="sticky top-0 z-10 flex h-14 shrink-0 items-center justify-between gap-3 border-b border-line bg-surface px-5">
            <Radix.Title className="truncate text-16">{title}</Radix.Title>
            <Radix.Close asChild>
              <Button look="quiet" size="compact" aria-label="Close">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </div>
          <div className="flex flex-col gap-5 p-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
