// The address of a client as records and policies know it.
import type { Socket } from 'node:net';

/** @returns IPv4 as such, though a dual-stack socket shows it as ::ffff:192.0.2.1; '' when the client has gone. */
export function addressOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress;
}
