// What this gateway goes by at the control plane: an identity that lasts for minutes, and is renewed before it ends by proof of
// the gateway's own key. Where that is not known (the first start, a gateway that was forgotten), it registers with FLEET_TOKEN.
// Its own clock may be wrong by as much as it likes: proofs are dated by the control plane's.
import type { GatewayIdentity } from '@sluice/contracts';
import { gatewayIdentitySchema, proofAudience } from '@sluice/contracts';
import { SignJWT } from 'jose';
import { request } from 'undici';
import type { Agent } from 'undici';
import type { GatewayKey } from './gateway-key.js';
import { gatewayKeyIn } from './gateway-key.js';

export interface FleetIdentityOptions {
  readonly agent: Agent;
  readonly controlUrl: string;
  /** FLEET_TOKEN. */
  readonly token: string;
  readonly gatewayId: string;
  readonly bootId: string;
  readonly version: string;
  /** Where the key is kept. */
  readonly directory: string;
}

export type IdentityResult =
  | { readonly token: string }
  | { readonly refusal: 'token_refused' | 'revoked' | 'id_taken' }
  | { readonly refusal: 'unreachable'; readonly detail: string };

interface Answered {
  readonly status: number;
  /** Told by the control plane itself, not by a proxy before it. */
  readonly isRevoked: boolean;
  readonly identity: GatewayIdentity | undefined;
}

const answerMs = 10_000;
/** Of the time that an identity lasts: it is renewed after as much of it, while the present one still works. */
const renewAfter = 2 / 3;
const proofMs = 120_000;
/** For as long a refusal is believed: much may want to be told meanwhile. */
const refusedMs = 2000;
/** A control plane of the version before this one knows no identities: it takes FLEET_TOKEN itself. */
const olderMs = 60_000;

export class FleetIdentity {
  readonly #options: FleetIdentityOptions;
  #key: Promise<GatewayKey> | undefined;
  #held: { readonly token: string; readonly renewAtMs: number; readonly endsAtMs: number } | undefined;
  #refused: { readonly result: IdentityResult; readonly untilMs: number } | undefined;
  #asking: Promise<IdentityResult> | undefined;
  /** What the control plane's clock is ahead of this one's. */
  #aheadMs = 0;

  constructor(options: FleetIdentityOptions) {
    this.#options = options;
  }

  /** Never rejects. However often it is asked at once, the control plane is asked once. */
  async current(): Promise<IdentityResult> {
    const held = this.#held;
    if (held !== undefined && performance.now() < held.renewAtMs) return held;
    if (this.#refused !== undefined && performance.now() < this.#refused.untilMs) return this.#refused.result;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    const result = await this.#asking;
    if ('token' in result) return result;
    if (result.refusal !== 'unreachable') {
      this.#refused = { result, untilMs: performance.now() + refusedMs };
      return result;
    }
    return held !== undefined && performance.now() < held.endsAtMs ? held : result;
  }

  /** The control plane has refused it: the next one is asked for. */
  drop(token: string): void {
    if (this.#held?.token === token) this.#held = undefined;
  }

  async #ask(): Promise<IdentityResult> {
    try {
      this.#key ??= gatewayKeyIn(this.#options.directory);
      const key = await this.#key;
      return (await this.#renew(key)) ?? (await this.#register(key));
    } catch (error) {
      this.#key = undefined;
      return {
        refusal: 'unreachable',
        detail: error instanceof Error && 'code' in error ? String(error.code) : String(error),
      };
    }
  }

  /** Undefined: the control plane does not know the key, or takes the proof for too old. */
  async #renew({ privateKey, publicKey }: GatewayKey): Promise<IdentityResult | undefined> {
    const nowMs = Date.now() + this.#aheadMs;
    const proof = await new SignJWT({ key: publicKey.x })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject(this.#options.gatewayId)
      .setAudience(proofAudience)
      .setIssuedAt(new Date(nowMs))
      .setExpirationTime(new Date(nowMs + proofMs))
      .sign(privateKey);
    const { version } = this.#options;
    const { status, isRevoked, identity } = await this.#post('/v1/fleet/identities', proof, { version });
    if (identity !== undefined) return this.#hold(identity);
    if (isRevoked) return { refusal: 'revoked' };
    // Nothing was said of the key: the present identity lasts a while yet, and FLEET_TOKEN may be none any more.
    if (status === 429 || status >= 500) return { refusal: 'unreachable', detail: `status ${status}` };
    return undefined;
  }

  async #register({ publicKey }: GatewayKey): Promise<IdentityResult> {
    const { token, gatewayId, bootId, version } = this.#options;
    const body = { gatewayId, bootId, version, publicKey };
    const { status, isRevoked, identity } = await this.#post('/v1/fleet/gateways', token, body);
    if (identity !== undefined) return this.#hold(identity);
    if (status === 404) return this.#hold({ token, expiresInMs: olderMs });
    if (status === 401) return { refusal: 'token_refused' };
    if (isRevoked) return { refusal: 'revoked' };
    if (status === 409) return { refusal: 'id_taken' };
    return { refusal: 'unreachable', detail: `status ${status}` };
  }

  #hold({ token, expiresInMs }: Pick<GatewayIdentity, 'token' | 'expiresInMs'>): IdentityResult {
    const nowMs = performance.now();
    this.#held = { token, renewAtMs: nowMs + expiresInMs * renewAfter, endsAtMs: nowMs + expiresInMs };
    return this.#held;
  }

  async #post(path: string, bearer: string, body: object): Promise<Answered> {
    const { agent, controlUrl } = this.#options;
    const answer = await request(new URL(path, controlUrl), {
      dispatcher: agent,
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
    });
    const date = Date.parse(String(answer.headers['date']));
    if (!Number.isNaN(date)) this.#aheadMs = date - Date.now();
    const text = await answer.body.text();
    const status = answer.statusCode;
    const isRevoked = status === 403 && text.includes('"gateway_revoked"');
    return { status, isRevoked, identity: status === 200 ? gatewayIdentitySchema.parse(JSON.parse(text)) : undefined };
  }
}
