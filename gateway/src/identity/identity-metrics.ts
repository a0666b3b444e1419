// The checks of who calls, as Prometheus metrics.
import { Counter, Gauge } from '@sluice/runtime';
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
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[], fill: (metric: Counter) => void): void => {
    void new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        fill(this);
      },
    });
  };
  counter(
    'sluice_identity_checks_total',
    'Tokens, passwords and questions to forward-auth services, by what came of them; busy: the tenant had used its share up',
    ['kind', 'outcome'],
    (metric) => {
      for (const [kind, outcomes] of Object.entries(checks))
        for (const [outcome, name] of Object.entries(outcomes)) metric.inc({ kind, outcome }, sumOf(counters, name));
    },
  );
  counter('sluice_identity_key_fetches_total', 'Fetches of issuers’ keys', ['outcome'], (metric) => {
    metric.inc({ outcome: 'fetched' }, sumOf(counters, 'keysFetched'));
    metric.inc({ outcome: 'failed' }, sumOf(counters, 'keysFailed'));
  });
  counter('sluice_identity_tokens_signed_total', 'Identity tokens signed for upstreams', [], (metric) =>
    metric.inc(sumOf(counters, 'identityTokensSigned')),
  );
  void new Gauge({
    name: 'sluice_identity_waiting',
    help: 'Signatures and passwords that wait for their turn to be checked',
    registers,
    collect() {
      this.set(sumOf(counters, 'waiting'));
    },
  });
}
