// Which pages may read an answer (CORS, as the Fetch standard has it): the portal's without any policy, others as the
// route's `cors` policy says.
import type { CompiledRoute } from './compiled.js';
import type { Progress } from './progress.js';

/** What the gateway adds to answers and a page may want to know. */
export const exposedHeaders: readonly string[] = [
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Sluice-Request-Id',
  'X-Sluice-Arm',
];

const longestRecorded = 256;
// It goes into the answer and into the record. No method is longer.
const usableMethod = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,32}$/;

/** Lets an origin of the portal read the answer, a refusal included. True when it is one. */
export function admitOrigin(progress: Progress): boolean {
  const { request, compiled, reasons, answerHeaders } = progress;
  const origin = request.header('origin');
  if (origin === undefined || !compiled.portalOrigins.has(origin)) return false;
  if (progress.hasJudgedOrigin) return true;
  progress.hasJudgedOrigin = true;
  reasons.push({ code: 'origin_admitted', origin });
  answerHeaders.push(
    ['access-control-allow-origin', origin],
    ['access-control-expose-headers', exposedHeaders.join(', ')],
    ['vary', 'Origin'],
  );
  return true;
}

/**
 * The method that a browser's preflight asks for, when the gateway itself answers it: for the portal always, for others
 * where the route has a `cors` policy. Any other preflight is a request like all, for the upstream to answer.
 *
 * @param routeFor the route that would take this path by a method.
 */
export function preflightMethod(
  { request, compiled }: Progress,
  routeFor: (method: string) => CompiledRoute | undefined,
): string | undefined {
  if (request.method !== 'OPTIONS') return undefined;
  const origin = request.header('origin');
  const method = request.header('access-control-request-method');
  if (origin === undefined || method === undefined || !usableMethod.test(method)) return undefined;
  if (compiled.portalOrigins.has(origin)) return method;
  return (routeFor(method)?.policies.cors.length ?? 0) > 0 ? method : undefined;
}

/** An origin as the reasons keep it. */
export function recordedOrigin(origin: string): string {
  return origin.slice(0, longestRecorded);
}
