import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { bodyOnce, RequestBody } from './request-body.js';

const none = { maxBytes: undefined, keepBytes: 0, onTooLarge: () => undefined };
const textOf = async (stream: Readable | undefined): Promise<string> => {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
};
const pushed = (...chunks: readonly string[]): Readable => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

test('a body that is kept is whole for every try, whichever part the one before had read', async () => {
  const source = new Readable({ read: () => undefined });
  const body = new RequestBody(source, { ...none, keepBytes: 100 });
  const first = body.open();
  source.push('one ');
  const [chunk] = (await once(first as Readable, 'data')) as [Buffer];
  expect(String(chunk)).toBe('one ');
  const second = body.open();
  expect(first?.destroyed).toBe(true);
  source.push('two ');
  source.push(null);
  expect(await textOf(second)).toBe('one two ');
  expect(await textOf(body.open())).toBe('one two ');
});

test('a body beyond what is kept is read once, and says so', async () => {
  const body = new RequestBody(pushed('12345', '67890'), { ...none, keepBytes: 9 });
  expect(body.isAtHand).toBe(true);
  expect(await textOf(body.open())).toBe('1234567890');
  expect([body.isAtHand, body.open()]).toEqual([false, undefined]);
});

test('a body that nobody has read of can be opened again, though nothing is kept', async () => {
  const body = new RequestBody(pushed('whole'), none);
  body.open();
  expect(await textOf(body.open())).toBe('whole');
});

test('nothing beyond the greatest size goes to any reader, and it is told once', async () => {
  const told: number[] = [];
  const source = new Readable({ read: () => undefined });
  const body = new RequestBody(source, { ...none, maxBytes: 8, onTooLarge: (bytes) => void told.push(bytes) });
  const copy = body.copy(100).open();
  const reader = body.open();
  const got = { reader: '', copy: '' };
  reader?.on('data', (chunk: Buffer) => (got.reader += String(chunk)));
  copy?.on('data', (chunk: Buffer) => (got.copy += String(chunk)));
  source.push('12345678');
  await once(source, 'data');
  source.push('9');
  source.push('and more');
  await once(source, 'close');
  expect([got, told, copy?.readableEnded, reader?.readableEnded]).toEqual([
    { reader: '12345678', copy: '12345678' },
    [9],
    false,
    false,
  ]);
});

test('a copy takes what flows, never holds it back, and fails where the body is larger than is copied', async () => {
  const small = new RequestBody(pushed('12345'), none);
  const copy = small.copy(5);
  expect([await textOf(small.open()), await textOf(copy.open())]).toEqual(['12345', '12345']);
  const large = new RequestBody(pushed('12345', '6'), none);
  const lost = large.copy(5);
  // Nobody reads the copy, and the body flows all the same.
  expect(await textOf(large.open())).toBe('123456');
  expect([lost.isAtHand, lost.open()]).toEqual([false, undefined]);
});

test('a body that is dropped before its end leaves no copy that looks whole', async () => {
  const source = new Readable({ read: () => undefined });
  const body = new RequestBody(source, none);
  const copy = body.copy(100).open();
  const reader = body.open();
  source.push('half');
  reader?.resume();
  await once(source, 'data');
  body.drop();
  await once(copy as Readable, 'close');
  expect([copy?.readableEnded, source.destroyed, body.open()]).toEqual([false, true, undefined]);
});

test('a client that leaves breaks every reader off', async () => {
  const source = new Readable({ read: () => undefined });
  const body = new RequestBody(source, none);
  const reader = body.open();
  reader?.resume();
  await new Promise((resolve) => setImmediate(resolve));
  source.destroy(new Error('the client has gone'));
  await expect(once(reader as Readable, 'end')).rejects.toThrow('the client has gone');
});

test('a body for one reader can be opened until it was read of', async () => {
  const body = bodyOnce(pushed('once'));
  const first = body.open();
  expect(body.open()).toBe(first);
  expect(await textOf(first)).toBe('once');
  expect(body.open()).toBeUndefined();
});
