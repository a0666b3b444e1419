// What holds for every request before Nest or better-auth see it: an id, security headers, the same-origin rule, JSON alone, one line
// in the log and one count when it has been answered. Paths in logs and metrics are patterns: ids in them stay out.
import { Histogram, type Registry } from '@sluice/runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bearerOf } from '../access-tokens/bearer.js';
import { rememberRequest } from '../audit/current-request.js';
import type { Databases } from '../database/databases.js';
import { acceptDocuments } from '../document/document-text.js';
import { authPlugin, type AuthPluginOptions } from '../identity/auth.plugin.js';
import { authBasePath } from '../identity/auth.js';
import { answerProblem } from './answer-problem.js';
import { knownMethods } from './known-methods.js';
import { refuseNul } from './refuse-unreadable.js';
import { sameOriginRule } from './same-origin.js';

interface Parts extends Omit<AuthPluginOptions, 'pool'> {
  readonly databases: Pick<Databases, 'authPool'>;
}

// What carries a token is let in by it alone, never by cookies, so that there is nothing that a foreign page could borrow.
// better-auth knows no tokens: its endpoints go by cookies, whatever else is sent.
const fleetPath = '/v1/fleet/';

function hasTokenOfItsOwn(req: FastifyRequest): boolean {
  if (req.url.startsWith(fleetPath)) return true;
  return bearerOf(req) !== undefined && req.routeOptions.url?.startsWith(`${authBasePath}/`) === false;
}

export async function prepareFastify(
  app: FastifyInstance,
  { config, auth, bounds, databases, events, mailer, logger }: Parts,
  metrics: Registry,
): Promise<void> {
  const checkOrigin = sameOriginRule(config);
  const refuseMethod = knownMethods(app);
  const durations = new Histogram({
    name: 'sluice_control_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
  app.removeAllContentTypeParsers();
  acceptDocuments(app);
  app.setErrorHandler((error, req, reply) => answerProblem(req, reply, error, logger));
  app.addHook('onRequest', async (req, reply) => {
    void reply.headers({
      'x-request-id': req.id,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    if (!hasTokenOfItsOwn(req)) checkOrigin(req);
    refuseNul(req);
    if (req.is404) refuseMethod(req);
  });
  app.addHook('preHandler', rememberRequest);
  app.addHook('onResponse', async (req, reply) => {
    const route = req.routeOptions.url ?? 'none';
    durations.observe({ method: req.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    logger.info(
      {
        requestId: req.id,
        method: req.method,
        route,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      },
      'answered',
    );
  });
  const own: AuthPluginOptions = { config, auth, bounds, pool: databases.authPool, events, mailer, logger };
  await app.register(authPlugin, { prefix: authBasePath, ...own });
}
