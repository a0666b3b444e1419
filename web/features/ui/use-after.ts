'use client';

import { useRouter } from 'next/navigation';
import { useToast } from './toast';

/** What follows a change: a word in passing, and the pages read anew (the pill of unpublished changes among them). */
export function useAfter(): (text: string, goTo?: string) => void {
  const router = useRouter();
  const toast = useToast();
  return (text, goTo) => {
    toast(text);
    if (goTo !== undefined) router.push(goTo);
    router.refresh();
  };
}
