// One route with policies, compiled and asked.
import type { ApiSpec, Document, Policy } from '@sluice/contracts';
import { documentSchema } from '@sluice/contracts';
import type { Compiled } from '../compiled.js';
import { compile, validateDocument } from '../compile.js';
import { decide } from '../decide.js';
import type { Decision, Facts, Need } from '../decision.js';
import type { Secrets } from '../secrets/with-secrets.js';
import { environmentOf } from './environment-of.js';
import type { TriedRequest } from './try-engine.js';
import { noFacts, requestOf } from './try-engine.js';

export const triedNow = Date.UTC(2026, 10, 23);

export function documentWith(policies: readonly Policy[], more: Partial<ApiSpec> = {}): Document {
  return documentSchema.parse({
    sluice: 1,
    upstreams: { one: { targets: [{ url: 'http://one.test' }] } },
    apis: {
      orders: {
        title: 'Orders',
        routes: [
          {
            name: 'orders',
            match: { path: { prefix: '/orders' } },
            policies,
            split: { arms: [{ name: 'stable', upstream: 'one', weight: 10_000 }] },
          },
        ],
        ...more,
      },
    },
    plans: { free: { title: 'Free', apis: ['orders'], limits: [] } },
  });
}

/** Throws when a part of the document is refused. */
export function compiledOf(document: Document, secrets?: Secrets): Compiled {
  const { compiled, refusals } = compile(environmentOf(document, secrets === undefined ? {} : { secrets }));
  if (refusals.length > 0) throw new Error(JSON.stringify(refusals));
  return compiled;
}

/** What publishing says of a route with these policies: pointers below the route's list of policies. */
export function faultsOf(
  policies: readonly Policy[],
  secrets?: Secrets,
): { at: string; message: string; fix: string }[] {
  return validateDocument(documentWith(policies), ['api.acme.test'], secrets).map(({ pointer, message, fix }) => ({
    at: pointer.replace('/apis/orders/routes/0/policies', ''),
    message,
    fix,
  }));
}

export interface Tried {
  readonly request?: TriedRequest;
  readonly facts?: Partial<Facts>;
  readonly now?: number;
}

export function ask(compiled: Compiled, { request = {}, facts = {}, now = triedNow }: Tried = {}): Decision | Need {
  return decide(compiled, requestOf(request), { ...noFacts, ...facts }, now, 1);
}

/** In one word: the code of a problem, `forward`, `need lease`, or the status of another answer. */
export function outcomeOf(decision: Decision | Need): string {
  if (decision.kind === 'need') return `need ${decision.need}`;
  return decision.kind === 'forward' ? 'forward' : (decision.code ?? String(decision.status));
}

export function codesOf({ reasons }: Decision | Need): readonly string[] {
  return reasons.map(({ code }) => code);
}

export function answerHeader(decision: Decision | Need, name: string): readonly string[] {
  return decision.kind === 'need'
    ? []
    : decision.answerHeaders.filter(([one]) => one === name).map(([, value]) => value);
}
