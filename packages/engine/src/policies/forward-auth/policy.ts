// Who calls: what a service of the tenant's says, asked with the request's headers. Traefik's ForwardAuth behaves the same:
// 2xx lets the request on, and any other answer is the client's.
import type { Headers } from '../../decision.js';
import { authenticationPolicy } from '../../policy.js';
import type { CompileContext, Proof } from '../../policy.js';
import type { Progress } from '../../progress.js';
import { answerWith } from '../../progress.js';
import type { ForwardAuthCall, ForwardAuthFact } from '../../questions.js';
import { isReserved, requestHeaders } from './request-headers.js';
import type { ForwardAuthSettings } from './schema.js';
import { forwardAuthSchema } from './schema.js';

type Answered = Extract<ForwardAuthFact, { state: 'answered' }>;
type Fault = Extract<ForwardAuthFact, { state: 'unavailable' }>['fault'] | 'status';

// Of an answer that refuses: what a client needs to go on from there. The rest speaks of the service's connection.
const forClient = new Set([
  'cache-control',
  'content-language',
  'content-type',
  'location',
  'retry-after',
  'set-cookie',
  'vary',
  'www-authenticate',
]);

export const forwardAuth = authenticationPolicy<ForwardAuthSettings, ForwardAuthSettings>({
  name: 'forward-auth',
  summary: 'Asks a service of yours whether a request may pass, and hands its headers on to the upstream.',
  schema: forwardAuthSchema,
  effort: 'call',
  compile: (settings, { report }) => {
    reportReserved('authResponseHeaders', settings.authResponseHeaders, report);
    reportReserved('authRequestHeaders', settings.authRequestHeaders ?? [], report);
    return settings;
  },
  identityHeaders: ({ authResponseHeaders }) => authResponseHeaders,
  authenticate: (settings, progress) => {
    const call = callOf(settings, progress);
    const fact = progress.facts.forwardAuth(call);
    if (fact === undefined) return { kind: 'need', need: 'forward-auth', call };
    if (fact.state === 'unavailable') return unavailable(progress, fact.fault);
    const { status } = fact;
    if (status >= 200 && status < 300) return passed(settings, fact, progress);
    return status >= 300 && status < 600 ? answered(fact, progress) : unavailable(progress, 'status');
  },
});

function callOf(settings: ForwardAuthSettings, { request }: Progress): ForwardAuthCall {
  const { address, timeoutMs, cacheMs, maxBodyBytes, authRequestHeaders, trustForwardHeader } = settings;
  const headers = requestHeaders(request, authRequestHeaders, trustForwardHeader);
  return { address, timeoutMs, cacheMs, headers, maxBodyBytes };
}

function passed(
  { authResponseHeaders, subjectHeader, groupsHeader, address }: ForwardAuthSettings,
  { status, headers }: Answered,
  { reasons, upstreamEdits }: Progress,
): Proof {
  reasons.push({ code: 'forward_auth_passed', status });
  const claims: [string, string][] = [];
  for (const name of authResponseHeaders) {
    const value = valueOf(headers, name);
    if (value === undefined) continue;
    upstreamEdits.set.push([name, value]);
    claims.push([name, value]);
  }
  const groups = groupsHeader === undefined ? undefined : valueOf(headers, groupsHeader);
  return {
    kind: 'proven',
    identity: {
      by: 'forward-auth',
      subject: (subjectHeader === undefined ? undefined : valueOf(headers, subjectHeader)) ?? '',
      issuer: address,
      credentialId: '',
      subscriptionId: '',
      scopes: [],
      groups: (groups ?? '').split(',').flatMap((group) => group.trim() || []),
      claims: Object.fromEntries(claims),
    },
  };
}

function answered({ status, headers, body }: Answered, { reasons, request, answerHeaders }: Progress): Proof {
  reasons.push({ code: 'forward_auth_answered', status });
  for (const [name, value] of headers)
    if (forClient.has(name) && name !== 'content-type') answerHeaders.push([name, value]);
  const contentType = valueOf(headers, 'content-type') ?? 'text/plain; charset=utf-8';
  return {
    kind: 'answered',
    end: answerWith(status, body === '' ? undefined : { contentType, text: body }),
    // A caller without a credential has not failed: it is sent to where it can get one.
    isRefusal: (status === 401 || status === 403) && request.header('authorization') !== undefined,
  };
}

function unavailable({ reasons }: Progress, fault: Fault): Proof {
  reasons.push({ code: 'forward_auth_unavailable', fault });
  return {
    kind: 'unavailable',
    code: 'forward_auth_unavailable',
    detail: 'The service that says who may call could not be asked. Try again in a few seconds.',
    challenges: [],
    retryAfterS: fault === 'busy' ? 1 : 5,
  };
}

function valueOf(headers: Headers, name: string): string | undefined {
  const values = headers.filter(([one]) => one === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

function reportReserved(field: string, names: readonly string[], report: CompileContext['report']): void {
  names.forEach((name, index) => {
    if (isReserved(name)) report([field, index], `the gateway itself writes ${name}`, 'take it out of the list');
  });
}
