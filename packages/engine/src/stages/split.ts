// Chooses the arm: a salted hash of the sticky subject falls into one of 10,000 buckets, and the arms, in the order of
// their names, divide the buckets by weight. So raising one arm's weight (the others falling or staying) only ever adds
// subjects to it: its range can grow at both ends, and neither end can move inwards.
import type { CompiledArm, CompiledRoute } from '../compiled.js';
import type { WeightsFact } from '../decision.js';
import { murmur3 } from '../hash.js';
import type { Progress, Stage } from '../progress.js';
import type { ArmReasonCode } from '../reasons.js';

const bucketCount = 10_000;

export const split: Stage = (progress) => {
  const { route, account, reasons } = progress;
  if (route === undefined) return undefined;
  const arms = armsInForce(route, progress);
  const { subject, how } = arms.length === 1 ? { subject: '', how: 'arm_only' as const } : subjectOf(route, progress);
  const bucket = how === 'arm_only' ? 0 : murmur3(subject, route.salt) % bucketCount;
  const arm = armOfBucket(arms, bucket);
  account.arm = arm.name;
  account.armReason = how;
  account.upstream = arm.upstream;
  reasons.push({ code: how, arm: arm.name, bucket, weightBps: arm.weightBps });
  return undefined;
};

// Weights that were set at run time outlive a publish. Where the new document has other arms, so that those weights no
// longer make a whole, its own are used.
function armsInForce(route: CompiledRoute, { facts, reasons, account }: Progress): readonly CompiledArm[] {
  const live = facts.weights(route.key);
  if (live === undefined) return route.arms;
  const arms = withWeights(route.arms, live);
  if (arms.reduce((sum, arm) => sum + arm.weightBps, 0) !== bucketCount) {
    reasons.push({ code: 'weights_ignored', version: live.version });
    return route.arms;
  }
  account.weightVersion = live.version;
  reasons.push({ code: 'weights_live', version: live.version });
  return arms;
}

function withWeights(arms: readonly CompiledArm[], { weights }: WeightsFact): readonly CompiledArm[] {
  return arms.map((arm) => ({ ...arm, weightBps: Object.hasOwn(weights, arm.name) ? (weights[arm.name] ?? 0) : 0 }));
}

// A request without an application (an open route) falls back to the client's address.
function subjectOf(
  route: CompiledRoute,
  { account, request, seed }: Progress,
): { subject: string; how: ArmReasonCode } {
  if (route.sticky === 'none') return { subject: String(seed), how: 'arm_by_request' };
  if (route.sticky === 'application' && account.applicationId !== '')
    return { subject: account.applicationId, how: 'arm_by_application' };
  return { subject: request.clientAddress, how: 'arm_by_ip' };
}

function armOfBucket(arms: readonly CompiledArm[], bucket: number): CompiledArm {
  let end = 0;
  for (const arm of arms) {
    end += arm.weightBps;
    if (bucket < end) return arm;
  }
  throw new Error('the weights of a split do not make a whole');
}
