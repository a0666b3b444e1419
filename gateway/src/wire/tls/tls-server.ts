// TLS before HTTP/1.1: handshakes on accepted sockets, each with the certificate of the name that is asked for, and no
// longer than a bound. What comes out of them goes to the same wire as plain connections, and with it the hosts that it was
// opened for. The wire knows of each from its beginning, so that a drain cuts none off, and one that does not come to its end
// makes room for others.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { Certificates } from './certificates.js';
import { OpenedFor } from './opened-for.js';

const handshakeMs = 10_000;
// Files are looked at again this often: a certificate is renewed days before it ends.
const refreshMs = 5000;

type OnContext = (error: Error | null, context?: SecureContext) => void;

/** Where connections go. */
export interface SecuredWire {
  expect(socket: TLSSocket): void;
  accept(socket: TLSSocket, openedFor: OpenedFor): void;
}

export class TlsServer {
  readonly #certificates: Certificates;
  readonly #wire: SecuredWire;
  readonly #chooseContext = (name: string, callback: OnContext): void =>
    callback(null, this.#certificates.certificateFor(name.toLowerCase()).context);

  /** @param onUnreadable a certificate has changed and cannot be read; the one before stays in use. */
  constructor(certificates: Certificates, wire: SecuredWire, onUnreadable: (why: string) => void) {
    this.#certificates = certificates;
    this.#wire = wire;
    setInterval(() => {
      const refreshed = certificates.refresh();
      if (!refreshed.ok) onUnreadable(refreshed.why);
    }, refreshMs).unref();
  }

  accept(socket: Socket): void {
    const secured = new TLSSocket(socket, {
      isServer: true,
      // Of clients that name no host: the callback is not asked about them.
      secureContext: this.#certificates.certificateFor('').context,
      SNICallback: this.#chooseContext,
      ALPNProtocols: ['http/1.1'],
    });
    this.#wire.expect(secured);
    // Garbage, a client that does not trust us, one that is slow or has gone: there is nobody to tell.
    const giveUp = (): void => void secured.destroy();
    const timer = setTimeout(giveUp, handshakeMs).unref();
    const endWait = (): void => clearTimeout(timer);
    secured.on('error', giveUp);
    secured.once('end', giveUp);
    secured.once('close', endWait);
    secured.once('secure', () => {
      endWait();
      secured.off('end', giveUp);
      this.#wire.accept(secured, new OpenedFor(nameAskedFor(secured), this.#certificates.certificateFor));
    });
  }
}

// Not what was chosen in the handshake: for a resumed session nothing is chosen. Of one of TLS 1.2, OpenSSL tells the name
// only where it had been acknowledged, which Node does not do when a callback chooses the certificate.
function nameAskedFor(secured: TLSSocket): string | undefined {
  if (typeof secured.servername === 'string') return secured.servername.toLowerCase();
  return secured.isSessionReused() && secured.getProtocol() !== 'TLSv1.3' ? undefined : '';
}
