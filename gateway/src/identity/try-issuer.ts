// What tests use as an issuer of tokens: a real server with key set and discovery, whose keys are made and changed at will.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';

export interface IssuerKey {
  readonly kid: string | undefined;
  readonly algorithm: string;
  readonly jwk: JWK;
  readonly privateKey: CryptoKey;
}

export type IssuerAnswer = (req: IncomingMessage, res: ServerResponse) => void;

export class Issuer {
  /** Requests for the key set so far, and how many were being answered at once at most. */
  fetches = 0;
  mostAtOnce = 0;
  /** In the place of the key set. */
  answer: IssuerAnswer | undefined;
  keys: readonly IssuerKey[] = [];
  readonly #server = createServer((req, res) => this.#serve(req, res));
  #atOnce = 0;
  #port = 0;

  static async start(host = '127.0.0.1', port = 0): Promise<Issuer> {
    const issuer = new Issuer();
    await issuer.listen(host, port);
    return issuer;
  }

  async listen(host = '127.0.0.1', port = this.#port): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, host, resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get jwks(): string {
    return `${this.url}/jwks.json`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(req: IncomingMessage, res: ServerResponse): void {
    if (req.url === '/.well-known/openid-configuration') {
      json(res, { issuer: this.url, jwks_uri: this.jwks });
      return;
    }
    this.fetches += 1;
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    res.once('close', () => (this.#atOnce -= 1));
    if (this.answer !== undefined) this.answer(req, res);
    else json(res, { keys: this.keys.map(({ jwk }) => jwk) });
  }
}

export async function issuerKey(kid: string | undefined, algorithm = 'ES256'): Promise<IssuerKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), ...(kid === undefined ? {} : { kid }), alg: algorithm, use: 'sig' };
  return { kid, algorithm, jwk, privateKey };
}

/** A token of this key, valid for an hour. */
export async function tokenOf(
  { kid, algorithm, privateKey }: IssuerKey,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new SignJWT({ sub: 'user-1', ...claims })
    .setProtectedHeader({ alg: algorithm, ...(kid === undefined ? {} : { kid }) })
    .setExpirationTime('1h')
    .sign(privateKey);
}

/** The same token with one letter of its signature changed. */
export function forged(token: string): string {
  const at = token.lastIndexOf('.') + 5;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

export function json(res: ServerResponse, body: unknown): void {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
