// Where upstreams may point to: public addresses, and the ranges that the operator allows. Tenants choose the names, so
// the check is made on the address at the moment of connecting, and the connection goes to that very address: a name
// that changes its address between a check and a connection (DNS rebinding) gains nothing.
import type { LookupAddress, LookupOptions } from 'node:dns';
import ipaddr from 'ipaddr.js';
import { lookUp } from './names/look-up.js';
import { ownListeners } from './own-listeners.js';
import type { OwnListeners } from './own-listeners.js';

/** @param port that is connected to; undefined: not known, and any but our own. */
export type IsAllowed = (address: string, port?: number) => boolean;

// All that has been given out of IPv6 (RFC 4291, section 2.4); beyond it lie forms of IPv4 addresses, and the unknown.
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/** An upstream's name led only to addresses that are not allowed. */
export class ForbiddenAddressError extends Error {
  readonly code = 'SLUICE_FORBIDDEN_ADDRESS';
}

/** @param allow address ranges (CIDR) besides public ones. What this process listens at is never allowed. */
export function addressRule(allow: readonly string[], own: Pick<OwnListeners, 'has'> = ownListeners): IsAllowed {
  const ranges = allow.map((range) => ipaddr.parseCIDR(range));
  return (text, port) => {
    if (!ipaddr.isValid(text) || (port !== undefined && own.has(text, port))) return false;
    // `process` makes ::ffff:127.0.0.1 the IPv4 address that it leads to.
    const address = ipaddr.process(text);
    if (address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(globalUnicast))) return true;
    return isListed(address, ranges);
  };
}

/** As the listed ranges alone allow, without public addresses. */
export function listedRule(allow: readonly string[]): IsAllowed {
  const ranges = allow.map((range) => ipaddr.parseCIDR(range));
  return (text, port) =>
    ipaddr.isValid(text) &&
    (port === undefined || !ownListeners.has(text, port)) &&
    isListed(ipaddr.process(text), ranges);
}

function isListed(address: ReturnType<typeof ipaddr.process>, ranges: readonly Range[]): boolean {
  return ranges.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits));
}

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** All addresses of a name, as `dns.lookup` with `all` finds them. Not by it: see names/ask-system.ts. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true; readonly tenantId?: string },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** A lookup for `net.connect` that passes on only addresses that are allowed. @param tenantId who has chosen the name. */
export function checkedLookup(
  isAllowed: IsAllowed,
  resolve: Resolve = lookUp,
  tenantId = '',
): (hostname: string, options: LookupOptions, callback: LookupCallback) => void {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true, tenantId }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const allowed = addresses.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (first === undefined) callback(new ForbiddenAddressError(`${hostname} resolves to no allowed address`), []);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
