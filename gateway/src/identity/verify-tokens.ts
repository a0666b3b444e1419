// Whether a token's signature holds, by `jose`. Made for the identity thread.
//
// Signatures run on libuv's threads (WebCrypto), not on a pool of our own. Measured at 2,000 tokens a second on two loaded
// cores, as CPU of the thread that asks: 90 µs a token by jose (RS256 and ES256 alike), 30 µs to hand a token to a worker
// thread and back, 58 and 189 µs to check it right there; the loop's delay in p99 rose from 2.4 ms to 2.6 (RS256) and 4.9
// (ES256). A pool would save 60 µs a token and cost a heap for each of its threads; and the loop that pays is the identity
// thread's, which serves no request. A request's own thread pays two messages, once for each token. Two signatures and one
// password at a time leave one of libuv's four threads to the names and files of everybody else.
import type { SigningAlgorithm, TokenFact, TokenQuestion } from '@sluice/engine';
import { compactVerify } from 'jose';
import type { CpuBudgets } from './cpu-budgets.js';
import type { FairQueue } from './fair-queue.js';
import type { KeyRings } from './key-rings.js';
import type { VerificationKey } from './keys/verification-key.js';

export interface VerifyTokensParts {
  readonly rings: KeyRings;
  readonly budgets: CpuBudgets;
  readonly queue: FairQueue;
}

// Without a kid each key might have signed. Real sets have two or three.
const mostTries = 8;
// The keys may change while a signature is checked; then it is checked again.
const mostRounds = 3;

/** CPU milliseconds, as measured with their overhead, rounded up. */
const costMs: Readonly<Record<SigningAlgorithm, number>> = {
  RS256: 0.1,
  RS384: 0.1,
  RS512: 0.1,
  PS256: 0.15,
  PS384: 0.15,
  PS512: 0.15,
  ES256: 0.2,
  ES384: 1.2,
  ES512: 1.2,
  EdDSA: 0.2,
  HS256: 0.05,
  HS384: 0.05,
  HS512: 0.05,
};

export async function verifyToken(
  { rings, budgets, queue }: VerifyTokensParts,
  tenantId: string,
  sourceKey: string,
  { token, keys: source, algorithm, kid }: TokenQuestion,
): Promise<TokenFact> {
  const ring = rings.get(tenantId, sourceKey, source);
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await ring.find(kid);
    if (found.state === 'unavailable') return { state: 'unavailable', fault: 'keys' };
    if (found.state === 'kid_unknown') return { state: 'bad', fault: 'kid_unknown' };
    const fitting = found.keys.filter((key) => key.fits(algorithm)).slice(0, mostTries);
    const cost = costMs[algorithm] * fitting.length;
    const holds =
      fitting.length > 0 &&
      (budgets.take(tenantId, cost)
        ? await queue.run<boolean | undefined>(
            tenantId,
            cost,
            async () => anyHolds(token, algorithm, fitting),
            undefined,
          )
        : undefined);
    if (holds === undefined) return { state: 'unavailable', fault: 'busy' };
    if (ring.fingerprint === found.fingerprint) {
      if (holds) return { state: 'good' };
      const isNamed = kid !== undefined && found.keys.some((key) => key.kid === kid);
      if (!isNamed) await ring.recheck();
      if (ring.fingerprint === found.fingerprint) break;
    }
  }
  return { state: 'bad', fault: 'signature' };
}

async function anyHolds(
  token: string,
  algorithm: SigningAlgorithm,
  keys: readonly VerificationKey[],
): Promise<boolean> {
  for (const key of keys) {
    try {
      const { protectedHeader } = await compactVerify(token, await key.for(algorithm), { algorithms: [algorithm] });
      // Extensions that a reader must understand (RFC 7515, section 4.1.11): we understand none.
      return protectedHeader.crit === undefined;
    } catch {
      continue; // not this key's, or no JWS at all: no difference to who sent it
    }
  }
  return false;
}
