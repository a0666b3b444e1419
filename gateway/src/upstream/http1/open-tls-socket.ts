// Connections to https:// targets. The name that the certificate must have is the URL's, or the one that the document
// says instead; sessions are resumed, since a handshake in full costs as much as hundreds of requests.
import { isIP } from 'node:net';
import type { OnReadOpts, Socket, TcpNetConnectOpts } from 'node:net';
import { checkServerIdentity, connect, createSecureContext } from 'node:tls';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import { failedSocket } from './socket-opener.js';
import type { OpenerOptions } from './socket-opener.js';

/** @param name of the target's host, as its URL says. */
export function tlsOpener(
  place: TcpNetConnectOpts,
  options: Pick<OpenerOptions, 'tls' | 'tenantId' | 'certificateOf'>,
  name: string,
): (onread: OnReadOpts) => Socket {
  const checkedName = options.tls?.serverName ?? name;
  let context: SecureContext | Error | undefined;
  let session: Buffer | undefined;
  return (onread) => {
    context ??= contextOf(options);
    if (context instanceof Error) {
      const error = context;
      context = undefined; // the operator may have put it right by the next time
      return failedSocket(error);
    }
    const secured: ConnectionOptions & TcpNetConnectOpts = {
      ...place,
      onread,
      secureContext: context,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: options.tls?.insecure !== true,
      checkServerIdentity: (_host, certificate) => checkServerIdentity(checkedName, certificate),
      // RFC 6066, section 3: an address is not a name to ask for.
      ...(isIP(checkedName) === 0 ? { servername: checkedName } : {}),
      ...(session === undefined ? {} : { session }),
    };
    const socket = connect(secured);
    socket.on('session', (resumable) => (session = resumable));
    return socket;
  };
}

function contextOf({ tls, tenantId, certificateOf }: Parameters<typeof tlsOpener>[1]): SecureContext | Error {
  const name = tls?.clientCertificate;
  const certificate = name === undefined ? undefined : certificateOf?.(tenantId, name);
  if (name !== undefined && certificate === undefined)
    return new Error(`the gateway holds no client certificate named ${name} for this tenant`);
  try {
    return createSecureContext({
      ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
      ...certificate,
      minVersion: 'TLSv1.2',
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
