// Signed wishes for an arm (`X-Sluice-Arm`): JWTs by HS256 over the fleet's secret, that name an environment, a route and
// one of its arms, and end. Without the secret nothing is believed. What is not believed is no error: the request goes
// to the arm that it would have had.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../limits/clock.js';
import { systemClock } from '../limits/clock.js';
import { TenantCache } from './tenant-cache.js';

interface Wish {
  readonly route: string;
  readonly arm: string;
  readonly expMs: number;
}

const longestToken = 2048;
const keptMs = 60_000;

export function createArmTokens(
  secret: string | undefined,
  clock: Pick<Clock, 'nowMs' | 'wallMs'> = systemClock,
): (environmentId: string, value: string, route: string) => string | undefined {
  if (secret === undefined) return () => undefined;
  const known = new TenantCache<Wish | 'none'>({ perTenant: 200, total: 5000 }, clock);
  return (environmentId, value, route) => {
    if (value.length > longestToken) return undefined;
    let wish = known.get(environmentId, value);
    if (wish === undefined) {
      wish = read(secret, environmentId, value);
      known.set(environmentId, value, wish, keptMs);
    }
    return wish !== 'none' && wish.route === route && wish.expMs > clock.wallMs() ? wish.arm : undefined;
  };
}

function read(secret: string, environmentId: string, value: string): Wish | 'none' {
  const [head = '', body = '', signature = '', ...more] = value.split('.');
  if (more.length > 0) return 'none';
  const expected = createHmac('sha256', secret).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'none';
  const { alg, crit } = json(head);
  const { environment, route, arm, exp } = json(body);
  const isWhole = alg === 'HS256' && crit === undefined && environment === environmentId;
  if (!isWhole || typeof route !== 'string' || typeof arm !== 'string' || typeof exp !== 'number') return 'none';
  return { route, arm, expMs: exp * 1000 };
}

function json(part: string): Partial<Record<string, unknown>> {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
