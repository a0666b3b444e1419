// What each folded part of an upstream does, in few words: nobody needs to open it to know what goes without saying.
import { upstreamDefaults, healthSpecSchema, upstreamSpecSchema } from '@sluice/contracts';
import { count, percent } from '@/features/ui/numbers';
import { readNumber } from '@/features/ui/number-part';
import type { TargetDraft, UpstreamDraft } from './upstream-draft';

export function balanceSummary({ balance, hashKind, hashName }: UpstreamDraft): string {
  if (balance === 'least-request') return 'to the less busy of two';
  if (balance !== 'consistent-hash') return 'in turn, by weight';
  const by = { ip: 'address', application: 'application', header: `header ${hashName}`, cookie: `cookie ${hashName}` };
  return `each caller to the same target, by ${by[hashKind ?? 'ip'].trim()}`;
}

export function healthSummary({ health }: UpstreamDraft): string {
  if (!health.isOn) return 'none';
  const path = health.path.trim() === '' ? usualHealth.path : health.path.trim();
  return `GET ${path} every ${span(effective(health.intervalMs, usualHealth.intervalMs))}`;
}

export function ejectionSummary({ ejection }: UpstreamDraft): string {
  const usual = upstreamDefaults.ejection;
  const value = (key: keyof typeof usual) => effective(ejection[key], usual[key]);
  const failures = [
    value('consecutive5xx'),
    value('consecutiveGatewayErrors'),
    value('consecutiveConnectFailures'),
  ].filter((number) => number !== 0);
  if (value('maxPercent') === 0 || failures.length === 0) return 'off';
  return `out for ${span(value('baseMs'))} after ${figure(failures[0] ?? 0)} failures in a row`;
}

export function limitsSummary({ limits, reuse }: UpstreamDraft): string {
  const usual = upstreamDefaults.limits;
  const parts = [
    `${figure(effective(limits.connections, usual.connections))} connections to each target`,
    limits.requests.trim() === '' ? '' : `${figure(effective(limits.requests, 0))} requests in flight`,
    reuse === 'credential' ? 'none shared by two credentials' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export function timeoutsSummary({ timeoutMs, timeouts }: UpstreamDraft): string {
  const connect = effective(timeouts.connectMs, upstreamDefaults.timeouts.connectMs);
  return `${span(connect)} to connect, ${span(effective(timeoutMs, usualTimeoutMs))} to the first byte`;
}

export function tlsSummary({ tls }: UpstreamDraft): string {
  const parts = [
    tls.insecure === true ? 'not verified' : tls.ca.trim() === '' ? 'public authorities' : 'own authorities',
    tls.clientCertificate.trim() === '' ? '' : `client certificate ${tls.clientCertificate.trim()}`,
    tls.serverName.trim() === '' ? '' : `as ${tls.serverName.trim()}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** A target's part of all requests, in percent; undefined where there is no other, or a weight is no number. */
export function shareOf(target: TargetDraft, targets: readonly TargetDraft[]): string | undefined {
  const whole = targets.reduce((sum, { weight }) => sum + effective(weight, 1), 0);
  const share = percent(effective(target.weight, 1), whole);
  return targets.length < 2 || !(whole > 0) ? undefined : `${share} %`;
}

/** 250 ms, 2.5 s, 5 min, 24 h */
export function span(ms: number): string {
  if (!Number.isFinite(ms)) return '?';
  if (ms < 1000) return `${ms} ms`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${Number((ms / 1000).toFixed(3))} s`;
}

const usualHealth = healthSpecSchema.parse({});
const usualTimeoutMs = upstreamSpecSchema.shape.timeoutMs.parse(undefined);

function figure(value: number): string {
  return Number.isFinite(value) ? count(value) : '?';
}

function effective(text: string, usual: number): number {
  return readNumber(text) ?? usual;
}
