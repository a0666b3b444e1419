// Shares of requests by chance: a request's seed is all the chance there is, so the same seed draws the same.
import { murmur3 } from './hash.js';

/** True for `shareBps` of 10,000 requests. Another `salt` draws independently of this one. */
export function isDrawn(seed: number, salt: number, shareBps: number): boolean {
  if (shareBps >= 10_000) return true;
  return shareBps > 0 && murmur3(String(seed), salt) % 10_000 < shareBps;
}

/** What sets the draws of one thing apart from all others. */
export function saltOf(...parts: readonly string[]): number {
  return murmur3(parts.join(' '), 0);
}
