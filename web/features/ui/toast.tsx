'use client';

import { createContext, use, useCallback, useMemo, useState } from 'react';
import { Toast as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

const ToastContext = createContext<(text: string) => void>(() => undefined);

/** Says in passing that something was done. Nothing that must be read is said only here. */
export function useToast(): (text: string) => void {
  return use(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly { id: number; text: string }[]>([]);
  const show = useCallback((text: string) => {
    setToasts((before) => [...before.slice(-2), { id: (before.at(-1)?.id ?? 0) + 1, text }]);
  }, []);
  const close = useCallback((id: number) => setToasts((before) => before.filter((toast) => toast.id !== id)), []);
  const value = useMemo(() => show, [show]);
  return (
    <ToastContext value={value}>
      <Radix.Provider swipeDirection="right" duration={6000}>
        {children}
        {toasts.map(({ id, text }) => (
          <Radix.Root
            key={id}
            onOpenChange={(isOpen) => !isOpen && close(id)}
            className="rounded-card border border-line bg-surface px-4 py-3 shadow-float"
          >
            <Radix.Description className="wrap-anywhere">{text}</Radix.Description>
          </Radix.Root>
        ))}
        <Radix.Viewport className="fixed right-4 bottom-4 z-50 flex w-80 max-w-[calc(100vw-32px)] flex-col gap-2" />
      </Radix.Provider>
    </ToastContext>
  );
}
