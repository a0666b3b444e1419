// What tests of matching need: routes in few words, compiled for some hosts, and asked who takes a request.
import type { ApiSpec, Document } from '@sluice/contracts';
import { documentSchema } from '@sluice/contracts';
import { compile, validateDocument } from '../compile.js';
import type { Compiled } from '../compiled.js';
import { decide } from '../decide.js';
import type { Decision, Facts, Forward, Need } from '../decision.js';
import { environmentOf } from './environment-of.js';
import type { TriedRequest } from './try-engine.js';
import { noFacts, requestOf } from './try-engine.js';

/** As a document writes it; without an ending it goes to the upstream `one`. */
export type RouteSketch = Readonly<Record<string, unknown>> & { readonly name: string; readonly match: unknown };
export type ApiSketch = Partial<Omit<ApiSpec, 'routes'>> & { readonly routes: readonly RouteSketch[] };

const split = { arms: [{ name: 'stable', upstream: 'one', weight: 10_000 }] };
const upstreams = { one: { targets: [{ url: 'http://one.test' }] }, two: { targets: [{ url: 'http://two.test' }] } };

export function sketchDocument(apis: Readonly<Record<string, ApiSketch>>): Document {
  const whole = Object.entries(apis).map(([name, api]) => [
    name,
    {
      title: name,
      ...api,
      routes: api.routes.map((route) =>
        'split' in route || 'redirect' in route || 'answer' in route ? route : { ...route, split },
      ),
    },
  ]);
  return documentSchema.parse({ sluice: 1, upstreams, apis: Object.fromEntries(whole), plans: {} });
}

export function compileSketch(
  apis: Readonly<Record<string, ApiSketch>>,
  hosts: readonly string[] = ['api.acme.test'],
): Compiled {
  const { compiled, refusals } = compile(environmentOf(sketchDocument(apis), { hosts: [...hosts] }));
  if (refusals.length > 0) throw new Error(`refused: ${JSON.stringify(refusals)}`);
  return compiled;
}

/** Faults as `pointer: message`. */
export function faultsOf(
  apis: Readonly<Record<string, ApiSketch>>,
  hosts: readonly string[] = ['api.acme.test'],
): string[] {
  return validateDocument(sketchDocument(apis), hosts).map(({ pointer, message }) => `${pointer}: ${message}`);
}

export function ask(compiled: Compiled, request: TriedRequest, facts: Partial<Facts> = {}, seed = 1): Decision | Need {
  return decide(compiled, requestOf(request), { ...noFacts, ...facts }, 0, seed);
}

/** The key of the route that takes the request, or the code of the refusal. */
export function takerOf(compiled: Compiled, request: TriedRequest): string | null {
  const decision = ask(compiled, request);
  if (decision.account.route !== '') return `${decision.account.api}/${decision.account.route}`;
  return decision.kind === 'answer' ? decision.code : null;
}

export function forwarded(decision: Decision | Need): Forward {
  if (decision.kind !== 'forward') throw new Error(`not forwarded: ${JSON.stringify(decision)}`);
  return decision;
}
