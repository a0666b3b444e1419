import type { ReactNode } from 'react';

/** Text that a person gave: it wraps anywhere, so that 200 characters without a space widen nothing, and its own
 * writing direction stays inside it. */
export function Given({ children }: { children: ReactNode }) {
  return <bdi className="wrap-anywhere">{children}</bdi>;
}
