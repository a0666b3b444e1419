'use client';

import type { CredentialWithKey } from '@sluice/contracts';
import { createContext, use, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

// A key in full lives here and nowhere else: in this tab's memory, until it is closed or reloaded. Never in an address,
// never in storage.
interface KeyMemory {
  readonly recall: (subscription: string) => CredentialWithKey | undefined;
  readonly remember: (subscription: string, made: CredentialWithKey) => void;
}

const KeyMemoryContext = createContext<KeyMemory>({ recall: () => undefined, remember: () => undefined });

export function useKeyMemory(): KeyMemory {
  return use(KeyMemoryContext);
}

export function KeyMemoryProvider({ children }: { children: ReactNode }) {
  const [keys, setKeys] = useState<ReadonlyMap<string, CredentialWithKey>>(new Map());
  const memory = useMemo(
    () => ({
      recall: (subscription: string) => keys.get(subscription),
      remember: (subscription: string, made: CredentialWithKey) =>
        setKeys((before) => new Map(before).set(subscription, made)),
    }),
    [keys],
  );
  return <KeyMemoryContext value={memory}>{children}</KeyMemoryContext>;
}
