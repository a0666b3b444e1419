// Which methods a path takes, when it takes others than the one asked for (RFC 9110, 15.5.6). Fastify knows routes by method and
// tells only that there is none, so the patterns are noted down as they are registered.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from './refusal.js';

/** To be asked when no route was found. Sees the routes that are registered after this call. */
export function knownMethods(app: FastifyInstance): (req: FastifyRequest) => void {
  const patterns = new Map<string, { readonly path: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const known = patterns.get(url) ?? { path: pathPattern(url), methods: new Set() };
    for (const name of [method].flat()) known.methods.add(name);
    patterns.set(url, known);
  });
  return (req) => {
    const path = req.url.split('?', 1)[0] ?? '/';
    const methods = new Set<string>();
    for (const known of patterns.values()) {
      if (known.path.test(path)) for (const method of known.methods) methods.add(method);
    }
    if (methods.size === 0) return;
    const allow = [...methods].toSorted().join(', ');
    throw new Refusal('method_not_allowed', `This path does not take ${req.method}. Use ${allow}.`, undefined, {
      allow,
    });
  };
}

function pathPattern(url: string): RegExp {
  const segments = url
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replaceAll(/[^\w-]/g, String.raw`\$&`)));
  return new RegExp(`^${segments.join('/')}$`);
}
