// Which traces are recorded: the operator's choice alone, by the names of OpenTelemetry's specification. With `parentbased_`
// a caller's word counts, sampled or not; without it nobody's does.
import type { TraceContext } from './trace-context.js';

export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof samplers)[number];

/** @param parent what the caller said, where it was well formed. */
export type Sampler = (traceId: string, parent: TraceContext | undefined) => boolean;

const digits = 13;

/** @param ratio of `traceidratio`. */
export function samplerOf(name: SamplerName, ratio: number): Sampler {
  const own = ownSampler(name, ratio);
  if (!name.startsWith('parentbased_')) return (traceId) => own(traceId);
  return (traceId, parent) => parent?.isSampled ?? own(traceId);
}

function ownSampler(name: SamplerName, ratio: number): (traceId: string) => boolean {
  if (name.endsWith('always_on')) return () => true;
  if (name.endsWith('always_off')) return () => false;
  // The last digits are random (W3C level 2): a higher ratio takes what a lower one took, and more. As many digits as a
  // double holds.
  const least = (1 - ratio) * 16 ** digits;
  return (traceId) => Number.parseInt(traceId.slice(-digits), 16) >= least;
}
