import { slugSchema } from '@sluice/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slugFrom } from './slug';

test('a title in any language becomes a slug or nothing', () => {
  expect(slugFrom('Acme Orders GmbH')).toBe('acme-orders-gmbh');
  expect(slugFrom('Çelik & Söhne')).toBe('celik-sohne');
  expect(slugFrom('3 Apples')).toBe('apples');
  expect(slugFrom('東京')).toBe('');
});

test('what is proposed is a valid slug, unless it is empty or a reserved word', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (title) => {
      const slug = slugFrom(title);
      const read = slugSchema.safeParse(slug);
      const isReserved = read.error?.issues.every((issue) => issue.message.includes('reserved')) === true;
      expect(slug === '' || read.success || isReserved).toBe(true);
    }),
  );
});
