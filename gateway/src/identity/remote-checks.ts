// Tokens and passwords as a gateway's thread sees them: what the identity thread has found out is kept here, and only the
// rest is asked. Equal questions at the same time are one.
//
// Tokens are kept by their SHA-256, passwords by an HMAC with a key that this process drew and nobody else has.
import { createHmac, hash as digestOf } from 'node:crypto';
import type { PasswordFact, TokenFact, TokenQuestion } from '@sluice/engine';
import type { Clock } from '../limits/clock.js';
import { systemClock } from '../limits/clock.js';
import { Asking } from './asking.js';
import type { IdentityChecks } from './identity-checks.js';
import type { IdentityCounters } from './identity-counters.js';
import type { IdentityPort } from './identity-messages.js';
import { Once } from './once.js';
import { sourceKeyOf } from './source-key.js';
import { TenantCache } from './tenant-cache.js';
import { TokenMemory } from './token-memory.js';

export type RemoteChecks = Pick<IdentityChecks, 'knownToken' | 'checkToken' | 'knownPassword' | 'checkPassword'>;

/** Together with the keys' own age this bounds how long a key that its issuer took away still opens anything. */
const goodForMs = 300_000;
const rightForMs = 300_000;
// The most that a policy can be told to take.
const longestToken = 65_536;

export interface RemoteChecksParts {
  readonly port: IdentityPort;
  readonly counters: IdentityCounters;
  /** Of this process, random. */
  readonly passwordSecret: Uint8Array;
  /** Default: the machine's. */
  readonly clock?: Pick<Clock, 'nowMs'>;
}

export function createRemoteChecks(parts: RemoteChecksParts): RemoteChecks {
  const { port, counters, passwordSecret, clock = systemClock } = parts;
  const tokens = new TokenMemory(goodForMs, clock);
  const right = new TenantCache<PasswordFact>({ perTenant: 1000, total: 20_000 }, clock);
  const openTokens = new Once<TokenFact>();
  const openPasswords = new Once<PasswordFact>();
  const asking = new Asking(port, (tenantId, sourceKey) => tokens.drop(tenantId, sourceKey));

  const tokenKey = ({ keys, token }: TokenQuestion): string =>
    sourceKeyOf(keys) + digestOf('sha256', token, 'base64url');
  const passwordKey = (hash: string, password: string): string =>
    createHmac('sha256', passwordSecret).update(hash).update('\n').update(password).digest('base64url');

  const findToken = async (tenantId: string, key: string, question: TokenQuestion): Promise<TokenFact> => {
    const sourceKey = sourceKeyOf(question.keys);
    const fact = await asking.ask(tenantId, (id) => ({ type: 'token', id, tenantId, key, sourceKey, question }));
    if (typeof fact !== 'object') {
      counters.count('tokenBusy');
      return { state: 'unavailable', fault: 'busy' };
    }
    tokens.keep(tenantId, key, fact);
    return fact;
  };

  const findPassword = async (tenantId: string, key: string, hash: string, password: string): Promise<PasswordFact> => {
    const fact = await asking.ask(tenantId, (id) => ({ type: 'password', id, tenantId, key, hash, password }));
    if (typeof fact !== 'string') {
      counters.count('passwordBusy');
      return 'busy';
    }
    // A wrong one is checked in full each time: an answer out of memory would tell a guesser by its speed.
    if (fact === 'right') right.set(tenantId, key, fact, rightForMs);
    return fact;
  };

  return {
    knownToken(tenantId, question) {
      const fact = tokens.get(tenantId, tokenKey(question));
      if (fact !== undefined) counters.count('tokenCached');
      return fact;
    },

    async checkToken(tenantId, question) {
      if (question.token.length > longestToken) return { state: 'bad', fault: 'signature' };
      const key = tokenKey(question);
      return openTokens.run(`${tenantId} ${key}`, async () => findToken(tenantId, key, question));
    },

    knownPassword(tenantId, hash, password) {
      const fact = right.get(tenantId, passwordKey(hash, password));
      if (fact !== undefined) counters.count('passwordCached');
      return fact;
    },

    async checkPassword(tenantId, hash, password) {
      const key = passwordKey(hash, password);
      return openPasswords.run(`${tenantId} ${key}`, async () => findPassword(tenantId, key, hash, password));
    },
  };
}
