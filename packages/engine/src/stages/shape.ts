// What the upstream gets to see of the path: without the route's prefix, by whole segments.
import { isBelow } from '../path.js';
import { runPolicies } from '../policies/run-policies.js';
import type { Stage } from '../progress.js';

export const shape: Stage = (progress) => {
  const strip = progress.route?.strip ?? '';
  if (strip !== '' && isBelow(progress.path, strip)) progress.path = progress.path.slice(strip.length) || '/';
  return runPolicies('shape', progress);
};
