import { expect, test } from 'vitest';
import { mailAddressSchema } from './mail-address.js';

test.each([
  ['a letter', 'a@b.test'],
  ['tags, quotes and underscores', "_o'neil+tag_@mail.example.test"],
  ['the longest name', `${'a'.repeat(64)}@b.test`],
  ['the longest label', `a@${'b'.repeat(63)}.test`],
  ['an international domain', 'a@xn--bcher-kva.example'],
])('%s is an address', (_, address) => {
  expect(mailAddressSchema.parse(address)).toBe(address);
});

test.each([
  ['a name of 65 letters', `${'a'.repeat(65)}@b.test`],
  ['a label of 64 letters', `a@${'b'.repeat(64)}.test`],
  ['a label that ends in a dash', 'a@b-.test'],
  ['two dots', 'a..b@c.test'],
  ['a dot before the @', 'a.@c.test'],
  ['no domain of two parts', 'a@localhost'],
  ['two addresses', 'a@b.test,c@d.test'],
  ['a name in front', 'Ada <a@b.test>'],
  ['a line that ends', 'a@b.test\n'],
])('%s is none', (_, address) => {
  expect(mailAddressSchema.safeParse(address).success).toBe(false);
});

test('one address in two spellings is one', () => {
  expect(mailAddressSchema.parse('Ada@Example.TEST')).toBe('ada@example.test');
});
