// The arithmetic of a split's weights, in basis points that always make a whole. The first arm takes what the others leave.

export type Weights = Readonly<Record<string, number>>;

const whole = 10_000;

/** The arm that takes the rest: `stable` when there is one, else the first of the route. */
export function baseArm(arms: readonly string[]): string {
  return arms.includes('stable') ? 'stable' : (arms[0] ?? '');
}

/** Sets one arm; the base arm gives or takes the difference. What does not fit is cut off. */
export function setWeight(weights: Weights, base: string, arm: string, bps: number): Weights {
  const others = Object.entries(weights)
    .filter(([name]) => name !== base && name !== arm)
    .reduce((sum, [, weight]) => sum + weight, 0);
  const next = Math.min(whole - others, Math.max(0, Math.round(bps)));
  return { ...weights, [arm]: next, [base]: whole - others - next };
}

/** Everything back to the base arm. */
export function stopCanaries(weights: Weights, base: string): Weights {
  return Object.fromEntries(Object.keys(weights).map((name) => [name, name === base ? whole : 0]));
}

/** The arms that would get more than they have: what must be asked about first. */
export function raisedArms(before: Weights, after: Weights, base: string): string[] {
  return Object.keys(after).filter((name) => name !== base && (after[name] ?? 0) > (before[name] ?? 0));
}

export function isSame(left: Weights, right: Weights): boolean {
  return Object.keys({ ...left, ...right }).every((name) => left[name] === right[name]);
}
