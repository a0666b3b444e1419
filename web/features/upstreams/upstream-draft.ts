// An upstream as the form holds it, and the way there and back. Nothing that an upstream can say is lost on the way.
import type { Upstream, UpstreamSpec } from '@sluice/contracts';

export interface TargetDraft {
  readonly id: number;
  readonly url: string;
  readonly weight: string;
}

export interface UpstreamDraft {
  readonly name: string;
  readonly targets: readonly TargetDraft[];
  readonly timeoutMs: string;
  /** Undefined: the upstream says nothing of it, which means no. */
  readonly token: boolean | undefined;
}

export function emptyUpstream(): UpstreamDraft {
  return { name: '', targets: [{ id: 0, url: '', weight: '1' }], timeoutMs: '30000', token: undefined };
}

export function upstreamDraftOf({ name, targets, timeoutMs, identity }: Upstream): UpstreamDraft {
  return {
    name,
    targets: targets.map(({ url, weight }, id) => ({ id, url, weight: String(weight) })),
    timeoutMs: String(timeoutMs),
    token: identity?.token,
  };
}

export function upstreamOf({ name, targets, timeoutMs, token }: UpstreamDraft): { name: string } & UpstreamSpec {
  return {
    name,
    targets: targets.map(({ url, weight }) => ({ url: url.trim(), weight: numberOf(weight) })),
    timeoutMs: numberOf(timeoutMs),
    ...(token === undefined ? {} : { identity: { token } }),
  };
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
