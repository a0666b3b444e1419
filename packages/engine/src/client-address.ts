// The client's address, read once for each decision.
import type { Address } from './address.js';
import { parseAddress } from './address.js';
import type { Progress } from './progress.js';

/** Undefined: it cannot be read. */
export function clientAddress(progress: Progress): Address | undefined {
  if (progress.address === null) progress.address = parseAddress(progress.request.clientAddress);
  return progress.address;
}
