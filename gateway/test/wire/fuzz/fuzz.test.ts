// What our parser takes, Node's takes alike. `npm run fuzz:wire` does ten million of these.
import { expect, test } from 'vitest';
import type { Direction } from './generate.js';
import { fuzz } from './fuzz.js';

const rounds = 50_000;

test.each(['request', 'response'] as const satisfies readonly Direction[])(
  '%s: whatever is taken here, llhttp takes and frames alike, and cuts make no difference',
  (direction) => {
    const { agreed, classes, disagreements } = fuzz(direction, 1, rounds);
    expect(disagreements).toEqual([]);
    // It would mean nothing if most messages were refused by both.
    expect(agreed).toBeGreaterThan(rounds / 4);
    expect(classes.size).toBeGreaterThan(3);
  },
);
