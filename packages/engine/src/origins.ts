// The portal's pages: origins that may call the API from a browser without any policy.
import type { Progress } from './progress.js';

const exposed = 'RateLimit, RateLimit-Policy, Retry-After, X-Sluice-Request-Id, X-Sluice-Arm';

/** Lets an origin of the portal read the answer, a refusal included. True when it is one. */
export function admitOrigin({ request, compiled, reasons, answerHeaders }: Progress): boolean {
  const origin = request.header('origin');
  if (origin === undefined || !compiled.portalOrigins.has(origin)) return false;
  reasons.push({ code: 'origin_admitted', origin });
  answerHeaders.push(
    ['access-control-allow-origin', origin],
    ['access-control-expose-headers', exposed],
    ['vary', 'Origin'],
  );
  return true;
}

/**
 * The method that a preflight of the portal asks for; the gateway itself answers it. Any other preflight is a request
 * like all, for the upstream to answer.
 */
export function preflightMethod({ request, compiled }: Progress): string | undefined {
  if (request.method !== 'OPTIONS') return undefined;
  const origin = request.header('origin');
  if (origin === undefined || !compiled.portalOrigins.has(origin)) return undefined;
  return request.header('access-control-request-method');
}
