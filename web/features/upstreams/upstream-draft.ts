// An upstream as the form holds it, and the way there and back. Nothing that an upstream can say is lost on the way.
import type { TargetSpec, Upstream, UpstreamSpec } from '@sluice/contracts';

export interface TargetDraft {
  readonly id: number;
  readonly url: string;
  readonly weight: string;
  readonly resolve: TargetSpec['resolve'];
}

export interface UpstreamDraft {
  readonly name: string;
  readonly targets: readonly TargetDraft[];
  readonly timeoutMs: string;
  /** Undefined: the upstream says nothing of it, which means no. */
  readonly token: boolean | undefined;
  /** What the form does not show, and must not lose. */
  readonly rest: Omit<UpstreamSpec, 'targets' | 'timeoutMs' | 'identity'>;
}

export function emptyUpstream(): UpstreamDraft {
  return {
    name: '',
    targets: [{ id: 0, url: '', weight: '1', resolve: undefined }],
    timeoutMs: '30000',
    token: undefined,
    rest: {},
  };
}

export function upstreamDraftOf(upstream: Upstream): UpstreamDraft {
  const {
    id: _id,
    createdAt: _createdAt,
    updatedAt: _updatedAt,
    name,
    targets,
    timeoutMs,
    identity,
    ...rest
  } = upstream;
  return {
    name,
    targets: targets.map(({ url, weight, resolve }, id) => ({ id, url, weight: String(weight), resolve })),
    timeoutMs: String(timeoutMs),
    token: identity?.token,
    rest,
  };
}

export function upstreamOf({ name, targets, timeoutMs, token, rest }: UpstreamDraft): { name: string } & UpstreamSpec {
  return {
    name,
    ...rest,
    targets: targets.map(({ url, weight, resolve }) => ({
      url: url.trim(),
      weight: numberOf(weight),
      ...(resolve === undefined ? {} : { resolve }),
    })),
    timeoutMs: numberOf(timeoutMs),
    ...(token === undefined ? {} : { identity: { token } }),
  };
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
