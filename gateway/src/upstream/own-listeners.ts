// Where this process itself listens. No URL of a tenant leads there, whatever ranges the operator allows: the page for
// operators answers whoever can connect to it, and a route to the gateway's own port would go round in circles.
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

export class OwnListeners {
  readonly #ports = new Set<number>();

  add(port: number): void {
    this.#ports.add(port);
  }

  /** @param address in any form of IPv4 or IPv6. */
  has(address: string, port: number): boolean {
    return this.#ports.has(port) && isOfThisHost(address);
  }
}

/** Of this process (or thread: each is told). */
export const ownListeners = new OwnListeners();

function isOfThisHost(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() === 'loopback' || address.range() === 'unspecified') return true;
  const normal = address.toNormalizedString();
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some((own) => ipaddr.process(own.address.split('%', 1)[0] ?? '').toNormalizedString() === normal),
  );
}
