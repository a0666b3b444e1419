// What opens connections to one target, and what it goes by.
import { Socket } from 'node:net';
import type { OnReadOpts } from 'node:net';
import type { UpstreamTls } from '@sluice/contracts';
import type { IsAllowed, Resolve } from '../allowed-address.js';
import type { UpstreamFailure } from '../upstream.js';

export interface SocketOpener {
  open(onread: OnReadOpts): Socket;
  /** The event that says that it may be written to. */
  readonly openedBy: 'connect' | 'secureConnect';
  failureOf(error: Error): UpstreamFailure;
}

export interface ClientCertificate {
  /** PEM, with the chain below it. */
  readonly cert: string;
  readonly key: string;
}

/** Undefined: the operator has put none there for this tenant. */
export type CertificateOf = (tenantId: string, name: string) => ClientCertificate | undefined;

export interface OpenerOptions {
  readonly origin: string;
  /** Connections go to this address alone. Undefined: the origin's name is looked up for each of them. */
  readonly address: string | undefined;
  readonly tls: UpstreamTls | undefined;
  readonly tenantId: string;
  readonly isAllowed: IsAllowed;
  readonly resolve: Resolve | undefined;
  readonly certificateOf: CertificateOf | undefined;
}

/** One that tells of its failure when there is somebody to listen. */
export function failedSocket(error: Error): Socket {
  const socket = new Socket();
  process.nextTick(() => socket.destroy(error));
  return socket;
}
