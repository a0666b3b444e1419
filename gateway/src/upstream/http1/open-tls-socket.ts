// Connections to https:// targets. The name that the certificate must have is the URL's, or the one that the document
// says instead; sessions are resumed, since a handshake in full costs as much as hundreds of requests.
import { isIP } from 'node:net';
import type { OnReadOpts, Socket, TcpNetConnectOpts } from 'node:net';
import { checkServerIdentity, connect, createSecureContext } from 'node:tls';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import type { UpstreamTls } from '@sluice/contracts';
import { failedSocket } from './socket-opener.js';
import type { ClientCertificate, OpenerOptions } from './socket-opener.js';

/** @param name of the target's host, as its URL says. */
export function tlsOpener(
  place: TcpNetConnectOpts,
  options: Pick<OpenerOptions, 'tls' | 'tenantId' | 'certificateOf'>,
  name: string,
): (onread: OnReadOpts) => Socket {
  const checkedName = options.tls?.serverName ?? name;
  let certificate: ClientCertificate | undefined;
  let context: SecureContext | undefined;
  let session: Buffer | undefined;
  return (onread) => {
    const certificateNow = certificateFor(options);
    if (certificateNow instanceof Error) return failedSocket(certificateNow);
    if (context === undefined || certificate !== certificateNow) {
      const made = contextOf(options.tls, certificateNow);
      if (made instanceof Error) return failedSocket(made);
      context = made;
      certificate = certificateNow;
      session = undefined; // it speaks for the former certificate
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

/** Undefined: the document asks for none. */
function certificateFor({
  tls,
  tenantId,
  certificateOf,
}: Pick<OpenerOptions, 'tls' | 'tenantId' | 'certificateOf'>): ClientCertificate | Error | undefined {
  const name = tls?.clientCertificate;
  if (name === undefined) return undefined;
  return (
    certificateOf?.(tenantId, name) ??
    new Error(`the gateway holds no client certificate named ${name} for ${tenantId}`)
  );
}

function contextOf(tls: UpstreamTls | undefined, certificate: ClientCertificate | undefined): SecureContext | Error {
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
