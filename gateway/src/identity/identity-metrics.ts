// The checks of who calls, as Prometheus metrics.
import { readCounter, readGauge } from '@sluice/runtime';
import type { Registry } from '@sluice/runtime';
import type { IdentityCount } from './identity-counters.js';
import { sumOf } from './identity-counters.js';

const checks: Readonly<Record<'token' | 'password' | 'forward-auth', Readonly<Record<string, IdentityCount>>>> = {
  token: {
    cached: 'tokenCached',
    accepted: 'tokenGood',
    refused: 'tokenBad',
    unavailable: 'tokenUnavailable',
    busy: 'tokenBusy',
  },
  password: { cached: 'passwordCached', accepted: 'passwordRight', refused: 'passwordWrong', busy: 'passwordBusy' },
  'forward-auth': {
    cached: 'forwardAuthCached',
    answered: 'forwardAuthAnswered',
    unavailable: 'forwardAuthUnavailable',
    busy: 'forwardAuthBusy',
  },
};

export function registerIdentityMetrics(registry: Registry, counters: SharedArrayBuffer): void {
  readCounter(
    registry,
    'sluice_identity_checks_total',
    'Tokens, passwords and questions to forward-auth services, by what came of them; busy: the tenant had used its share up',
    (metric) => {
      for (const [kind, outcomes] of Object.entries(checks))
        for (const [outcome, name] of Object.entries(outcomes)) metric.inc({ kind, outcome }, sumOf(counters, name));
    },
    ['kind', 'outcome'],
  );
  readCounter(
    registry,
    'sluice_identity_key_fetches_total',
    'Fetches of issuers’ keys',
    (metric) => {
      metric.inc({ outcome: 'fetched' }, sumOf(counters, 'keysFetched'));
      metric.inc({ outcome: 'failed' }, sumOf(counters, 'keysFailed'));
    },
    ['outcome'],
  );
  readCounter(registry, 'sluice_identity_tokens_signed_total', 'Identity tokens signed for upstreams', (metric) =>
    metric.inc(sumOf(counters, 'identityTokensSigned')),
  );
  readGauge(
    registry,
    'sluice_identity_waiting',
    'Signatures and passwords that wait for their turn to be checked',
    () => sumOf(counters, 'waiting'),
  );
}
