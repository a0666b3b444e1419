// Opens sockets to one target, where it may lead to: the address is checked at the moment of connecting, and the
// connection goes to that very address. Certificates are verified unless the tenant's document says otherwise.
import { connect, isIP } from 'node:net';
import type { TcpNetConnectOpts } from 'node:net';
import { checkedLookup, ForbiddenAddressError } from '../allowed-address.js';
import { tlsOpener } from './open-tls-socket.js';
import { failedSocket } from './socket-opener.js';
import type { OpenerOptions, SocketOpener } from './socket-opener.js';

export function socketOpener(options: OpenerOptions): SocketOpener {
  const url = new URL(options.origin);
  const isTls = url.protocol === 'https:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const name = url.hostname.replaceAll(/^\[|\]$/g, '');
  const host = options.address ?? name;
  const isAllowed = (address: string): boolean => options.isAllowed(address, port);
  const place: TcpNetConnectOpts = { host, port, noDelay: true, keepAlive: true };
  if (isIP(host) === 0) place.lookup = checkedLookup(isAllowed, options.resolve, options.tenantId);
  const openTls = isTls ? tlsOpener(place, options, name) : undefined;
  return {
    openedBy: isTls ? 'secureConnect' : 'connect',
    open: (onread) => {
      // `net.connect` looks up names only: an address that stands in the URL itself is checked here.
      if (isIP(host) !== 0 && !isAllowed(host))
        return failedSocket(new ForbiddenAddressError(`${host} is not an allowed address`));
      return openTls === undefined ? connect({ ...place, onread }) : openTls(onread);
    },
    failureOf: (error) => (error instanceof ForbiddenAddressError ? 'upstream_forbidden_address' : 'upstream_failed'),
  };
}
