import { expect, test } from 'vitest';
import { recordedSentenceOf } from '../index.js';
import { sampleReasons } from '../testing/sample-reasons.js';

test('every recorded reason of this version reads as a sentence', () => {
  for (const reason of sampleReasons) expect(recordedSentenceOf(reason), reason.code).toMatch(/^[A-Z].*\.$/);
});

test('a reason of another version, or none at all, has no sentence and breaks nothing', () => {
  for (const reason of [{ code: 'moon_phase', phase: 'full' }, { code: 'toString' }, { code: 7 }, {}])
    expect(recordedSentenceOf(reason)).toBeUndefined();
});
