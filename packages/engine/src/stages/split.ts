// Chooses the arm: a salted hash of the sticky subject falls into one of 10,000 buckets, and the arms, in the order of
// their names, divide the buckets by weight.
//
// So raising one arm's weight, whatever the others give for it, only ever adds subjects to it, with any number of arms:
// its range may grow at both ends, and neither end can move inwards. With two arms that is all there is to want. With
// three or more, an arm whose weight stays may still change subjects with its neighbours, and no layout without memory
// could prevent it: let A:B:C go from 1:1:0 to 1:0:1 to 0:1:1. If nobody moves who need not, the first step moves B's half
// to C and the second one A's half to B; but straight from 1:1:0 to 0:1:1, B's half stays and A's half moves to C. The
// same weights would have to mean two layouts. (Bavarian and others, "The optimality of correlated sampling", 2016, say
// how much must move.) Names keep the order, so that the same weights always mean the same arms.
import type { CompiledArm, CompiledRoute } from '../compiled.js';
import type { WeightsFact } from '../decision.js';
import { murmur3 } from '../hash.js';
import type { Progress, Stage } from '../progress.js';
import type { DrawnArmCode } from '../reasons.js';
import { readCookies } from '../request-parts.js';

const bucketCount = 10_000;
const stableName = 'stable';
const forcingHeader = 'x-sluice-arm';
const cookieLifeSeconds = 30 * 86_400;

export const split: Stage = (progress) => {
  const { route } = progress;
  if (route === undefined || route.arms.length === 0) return undefined;
  const arms = armsInForce(route, progress);
  const chosen = forcedArm(route, arms, progress) ?? drawnArm(route, arms, progress);
  const arm = healthyArm(arms, chosen, progress);
  progress.account.arm = arm.name;
  progress.account.upstream = arm.upstream;
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

// The token is for the gateway alone: an upstream that saw it could use it.
function forcedArm(
  route: CompiledRoute,
  arms: readonly CompiledArm[],
  { request, facts, account, reasons, upstreamEdits }: Progress,
): CompiledArm | undefined {
  const value = request.header(forcingHeader);
  if (value === undefined) return undefined;
  upstreamEdits.remove.push(forcingHeader);
  const name = facts.signedArm(value, route.key);
  const arm = arms.find((one) => one.name === name);
  if (arm === undefined) return undefined;
  account.armReason = 'arm_forced';
  reasons.push({ code: 'arm_forced', arm: arm.name });
  return arm;
}

function drawnArm(route: CompiledRoute, arms: readonly CompiledArm[], progress: Progress): CompiledArm {
  const { subject, how } = arms.length === 1 ? theOnly : subjectOf(route, progress);
  const bucket = how === 'arm_only' ? 0 : murmur3(subject, route.salt) % bucketCount;
  const arm = armOfBucket(arms, bucket);
  progress.account.armReason = how;
  progress.reasons.push({ code: how, arm: arm.name, bucket, weightBps: arm.weightBps });
  return arm;
}

interface Subject {
  readonly subject: string;
  readonly how: DrawnArmCode;
}

const theOnly: Subject = { subject: '', how: 'arm_only' };

// A request without the subject (an open route has no application) falls back to the client's address.
function subjectOf(route: CompiledRoute, progress: Progress): Subject {
  const { account, request, seed } = progress;
  const { sticky } = route;
  if (sticky === 'none') return { subject: String(seed), how: 'arm_by_request' };
  if (sticky === 'cookie') return cookieSubject(route, progress);
  if (sticky === 'application' && account.applicationId !== '')
    return { subject: account.applicationId, how: 'arm_by_application' };
  if (sticky.startsWith('header:')) {
    const value = request.header(sticky.slice('header:'.length));
    if (value !== undefined && value !== '') return { subject: value, how: 'arm_by_header' };
  }
  return { subject: request.clientAddress, how: 'arm_by_ip' };
}

// A client without the cookie is given one, and is at once where that will take it.
function cookieSubject({ armCookie }: CompiledRoute, { request, seed, answerEdits }: Progress): Subject {
  const brought = readCookies(request.header('cookie'), armCookie).find((value) => /^[0-9a-f]{8}$/.test(value));
  const subject = brought ?? seed.toString(16).padStart(8, '0');
  if (brought === undefined)
    answerEdits.add.push([
      'set-cookie',
      `${armCookie}=${subject}; Path=/; Max-Age=${cookieLifeSeconds}; HttpOnly; SameSite=Lax${request.protocol === 'https' ? '; Secure' : ''}`,
    ]);
  return { subject, how: 'arm_by_cookie' };
}

function armOfBucket(arms: readonly CompiledArm[], bucket: number): CompiledArm {
  let end = 0;
  for (const arm of arms) {
    end += arm.weightBps;
    if (bucket < end) return arm;
  }
  throw new Error('the weights of a split do not make a whole');
}

// Where nobody is healthy, the chosen arm says so best.
function healthyArm(
  arms: readonly CompiledArm[],
  chosen: CompiledArm,
  { facts, account, reasons }: Progress,
): CompiledArm {
  if (arms.length === 1 || facts.isHealthy(chosen.upstream)) return chosen;
  const healthy = arms.filter((arm) => arm !== chosen && facts.isHealthy(arm.upstream));
  const heaviest = healthy.toSorted((left, right) => right.weightBps - left.weightBps)[0];
  const arm = healthy.find(({ name }) => name === stableName) ?? heaviest;
  if (arm === undefined) return chosen;
  account.armReason = 'arm_fallback';
  reasons.push({ code: 'arm_fallback', arm: arm.name, instead: chosen.name });
  return arm;
}
