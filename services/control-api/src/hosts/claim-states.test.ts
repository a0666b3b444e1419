import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { afterLook, graceMs, isHeldIn, leastMisses, newStanding, type Look, type Standing } from './claim-states.js';

const start = new Date('2026-01-01T00:00:00Z');
const hourMs = 3_600_000;
const found: Look = { found: true, isHeld: false };
const held: Look = { found: true, isHeld: true };
const missing: Look = { found: false, problem: 'missing' };
const unanswered: Look = { found: false, problem: 'unanswered' };
const at = (hours: number): Date => new Date(start.getTime() + hours * hourMs);

/** Looks at these hours after the claim was made. */
function story(...looks: readonly (readonly [hours: number, look: Look])[]): Standing {
  return looks.reduce((claim, [hours, look]) => afterLook(claim, start, look, at(hours)), newStanding(start));
}

describe('a claim', () => {
  it('waits until it is proven, and is served from then on', () => {
    expect(story([1, missing], [2, unanswered])).toMatchObject({ state: 'pending', provenAt: null });
    expect(story([1, missing], [2, found])).toMatchObject({ state: 'proven', provenAt: at(2), problem: null });
  });

  it('that another environment has proven before waits, and says why', () => {
    expect(story([1, held])).toMatchObject({ state: 'pending', problem: 'held', provenAt: null });
    expect(story([1, held], [2, found])).toMatchObject({ state: 'proven', problem: null });
  });

  it('whose record is gone is served for three days more, and lapses then', () => {
    const hours = [10, 16, 22, 28];
    const failing = story([0, found], ...hours.map((hour) => [hour, missing] as const));
    expect(failing).toMatchObject({ state: 'failing', failingSince: at(10), misses: 4, provenAt: start });
    expect(afterLook(failing, start, missing, at(10 + 71))).toMatchObject({ state: 'failing' });
    expect(afterLook(failing, start, missing, at(10 + 72))).toMatchObject({ state: 'lapsed' });
  });

  it('does not lapse because nobody looked for days', () => {
    const claim = story([0, found], [10, missing], [500, missing]);
    expect(claim).toMatchObject({ state: 'failing', misses: 2 });
    expect(story([0, found], [10, missing], [500, missing], [506, missing], [512, missing])).toMatchObject({
      state: 'lapsed',
    });
  });

  it('whose record is found again is as it was, and has its whole grace again', () => {
    const again = story([0, found], [10, missing], [16, missing], [22, found], [100, missing]);
    expect(again).toMatchObject({ state: 'failing', failingSince: at(100), misses: 1, provenAt: start });
  });

  it('that has lapsed can be proven again', () => {
    const lapsed = story([0, found], [1, missing], [30, missing], [60, missing], [90, missing]);
    expect(lapsed.state).toBe('lapsed');
    expect(afterLook(lapsed, start, found, at(100))).toMatchObject({
      state: 'proven',
      provenAt: at(100),
      failingSince: null,
      misses: 0,
    });
  });

  it('is looked for without being asked as long as it is held, and for days before and after', () => {
    expect(newStanding(start).nextCheckAt).toEqual(at(5 / 60));
    expect(story([0.1, missing]).nextCheckAt).toEqual(at(0.1 + 5 / 60));
    expect(story([100, missing]).nextCheckAt).toEqual(at(106));
    expect(story([24 * 7 + 1, missing]).nextCheckAt).toBeNull();
    expect(story([0, found]).nextCheckAt).toEqual(at(24));
    expect(story([0, found], [24, unanswered]).nextCheckAt).toEqual(at(25));
    expect(story([0, found], [24, missing]).nextCheckAt).toEqual(at(30));
  });
});

const anyLook = fc.constantFrom(found, held, missing, unanswered, { found: false, problem: 'different' } as const);
const anyStory = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), anyLook), { maxLength: 60 });

interface Step {
  readonly before: Standing;
  readonly after: Standing;
  readonly look: Look;
  readonly now: Date;
}

function stepsOf(looks: readonly (readonly [hours: number, look: Look])[]): Step[] {
  let before = newStanding(start);
  let hours = 0;
  return looks.map(([passed, look]) => {
    hours += passed;
    const step = { before, after: afterLook(before, start, look, at(hours)), look, now: at(hours) };
    before = step.after;
    return step;
  });
}

test('name servers that do not answer never end a claim, and never delay its end', () => {
  fc.assert(
    fc.property(anyStory, (looks) => {
      for (const { before, after } of stepsOf(looks).filter(({ look }) => look === unanswered))
        expect(after).toMatchObject({
          state: before.state,
          misses: before.misses,
          failingSince: before.failingSince,
        });
    }),
  );
});

test('a host is given up only after its record was missed often enough, for long enough', () => {
  const isMiss = ({ look }: Step): boolean => !look.found && look.problem !== 'unanswered';
  fc.assert(
    fc.property(anyStory, (looks) => {
      const steps = stepsOf(looks);
      for (const [index, { before, after, now }] of steps.entries()) {
        if (!isHeldIn(before.state) || isHeldIn(after.state)) continue;
        const sinceFound = steps.findLastIndex((step, position) => position < index && step.look === found) + 1;
        const misses = steps.slice(sinceFound, index + 1).filter(isMiss);
        expect(misses.length).toBeGreaterThanOrEqual(leastMisses);
        expect(now.getTime() - (misses[0]?.now.getTime() ?? 0)).toBeGreaterThanOrEqual(graceMs);
      }
    }),
  );
});

test('as long as a host is held, its record is looked for again', () => {
  fc.assert(
    fc.property(anyStory, (looks) => {
      for (const { after, now } of stepsOf(looks).filter((step) => isHeldIn(step.after.state)))
        expect(after.nextCheckAt?.getTime()).toBeGreaterThan(now.getTime());
    }),
  );
});
