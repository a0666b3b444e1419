// The hosts that a TLS connection may carry requests for: those that its certificate names, and no others, whoever else is
// served here (RFC 9110, section 7.4). Decided once for the host that the client opened it for; for any other, by look-ups.
import type { Certificate } from './certificates.js';

export class OpenedFor {
  /** The host of nearly every request. Empty: the certificate does not name it. */
  readonly #host: string;
  readonly #certificateFor: (name: string) => Certificate;
  #certificate: Certificate | undefined;

  /**
   * @param serverName what the client asked for in the handshake, in lower case; '': nothing. Undefined: nobody can tell,
   * and the connection is for the certificate of the host that it is first used for.
   */
  constructor(serverName: string | undefined, certificateFor: (name: string) => Certificate) {
    if (serverName !== undefined) this.#certificate = certificateFor(serverName);
    this.#host = serverName !== undefined && this.#certificate?.isFor(serverName) === true ? serverName : '';
    this.#certificateFor = certificateFor;
  }

  /** @param host in lower case. */
  has(host: string): boolean {
    if (host === this.#host) return true;
    this.#certificate ??= this.#certificateFor(host);
    return this.#certificate.isFor(host);
  }
}
