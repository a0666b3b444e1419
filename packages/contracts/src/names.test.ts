import fc from 'fast-check';
import { expect, test } from 'vitest';
import { titleSchema } from './names.js';

const marks = [0x20_0e, 0x20_0f, 0x20_2a, 0x20_2b, 0x20_2c, 0x20_2d, 0x20_2e, 0x20_66, 0x20_67, 0x20_68, 0x20_69];

const messagesOf = (title: string): string[] =>
  titleSchema.safeParse(title).error?.issues.map(({ message }) => message) ?? [];

/** `inside` in the middle of a title, where trimming does not reach. */
const around = (inside: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.stringMatching(/^[a-z]{1,20}$/), inside, fc.stringMatching(/^[a-z]{1,20}$/))
    .map((parts) => parts.join(''));

test('a title cannot turn the reading direction of what stands beside it', () => {
  const mark = fc.constantFrom(...marks.map((mark) => String.fromCodePoint(mark)));
  fc.assert(
    fc.property(around(mark), (title) => {
      expect(messagesOf(title)).toEqual(['leave out invisible direction marks']);
    }),
  );
});

test('a title holds no half of a surrogate pair', () => {
  const half = fc.integer({ min: 0xd8_00, max: 0xdf_ff }).map((unit) => String.fromCharCode(unit));
  fc.assert(
    fc.property(around(half), (title) => {
      expect(messagesOf(title)).toEqual(['leave out halves of surrogate pairs']);
    }),
  );
});

test('a title holds no control character', () => {
  const control = fc.oneof(fc.integer({ min: 0, max: 0x1f }), fc.integer({ min: 0x7f, max: 0x9f }));
  fc.assert(
    fc.property(around(control.map((unit) => String.fromCharCode(unit))), (title) => {
      expect(messagesOf(title)).toEqual(['leave out control characters']);
    }),
  );
});

test('a title takes any script, emoji with joiners, and right-to-left text', () => {
  for (const title of ['Acme Orders', 'Größe', '注文', 'الطلبات', 'הזמנות', '👩‍💻 API', 'नमस्ते']) {
    expect(titleSchema.parse(title)).toBe(title);
  }
});
