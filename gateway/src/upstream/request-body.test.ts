import { expect, test } from 'vitest';
import type { Body } from '../http1/body.js';
import { BodyQueue } from './body-queue.js';
import { BodyOnce, RequestBody } from './request-body.js';
import { turn } from './try-target.js';
import type { BodySource } from './upstream.js';

const none = { maxBytes: undefined, keepBytes: 0, onTooLarge: () => undefined };

/** A body that the test pushes, in chunks whose memory it uses again, as a socket would. */
class Pushed {
  wanted = 0;
  readonly body = new BodyQueue(undefined, () => (this.wanted += 1));

  push(text: string): boolean {
    const chunk = Buffer.from(text);
    const isTaken = this.body.push(chunk, false);
    if (isTaken) chunk.fill('#');
    return isTaken;
  }
}

/** Takes as many chunks as it is told to, and keeps what it has got. */
class Reading {
  text = '';
  end: 'none' | 'whole' | 'broken' = 'none';
  #takes = Infinity;

  constructor(readonly body: Body | undefined) {
    body?.read({
      onData: (chunk) => {
        this.text += String(chunk);
        this.#takes -= 1;
        return this.#takes > 0;
      },
      onEnd: () => (this.end = 'whole'),
      onError: () => (this.end = 'broken'),
    });
  }

  only(chunks: number): this {
    this.#takes = chunks;
    return this;
  }
}

const whole = (...chunks: readonly string[]): Body => {
  const { body } = new Pushed();
  for (const chunk of chunks) body.push(Buffer.from(chunk), true);
  body.end();
  return body;
};
const textOf = async (source: BodySource): Promise<string> => {
  const reading = new Reading(source.open());
  await turn();
  return `${reading.text} ${reading.end}`;
};

test('a body that is kept is whole for every try, whichever part the one before had read', async () => {
  const pushed = new Pushed();
  const body = new RequestBody(pushed.body, { ...none, keepBytes: 100 });
  const first = new Reading(body.open());
  await turn();
  pushed.push('one ');
  const second = new Reading(body.open());
  await turn();
  pushed.push('two ');
  pushed.body.end();
  await turn();
  expect([first.text, second.text, second.end]).toEqual(['one ', 'one two ', 'whole']);
  expect(await textOf(body)).toBe('one two  whole');
});

test('a body beyond what is kept is read once, and says so', async () => {
  const body = new RequestBody(whole('12345', '67890'), { ...none, keepBytes: 9 });
  expect(body.isAtHand).toBe(true);
  expect(await textOf(body)).toBe('1234567890 whole');
  expect([body.isAtHand, body.open()]).toEqual([false, undefined]);
});

test('what comes between two tries is not lost, however little is kept', async () => {
  const pushed = new Pushed();
  const body = new RequestBody(pushed.body, { ...none, keepBytes: 4 });
  const first = new Reading(body.open());
  await turn();
  pushed.push('one ');
  const opened = body.open();
  // Nobody reads now: what comes goes beyond what is kept, and waits for the try that was decided on.
  expect(pushed.push('two ')).toBe(false);
  const second = new Reading(opened);
  await turn();
  pushed.body.end();
  expect([first.text, second.text, second.end]).toEqual(['one ', 'one two ', 'whole']);
});

test('a body that nobody has read of can be opened again, though nothing is kept', async () => {
  const body = new RequestBody(whole('whole'), none);
  body.open();
  expect(await textOf(body)).toBe('whole whole');
});

test('nothing beyond the greatest size goes to any reader, and it is told once', async () => {
  const told: number[] = [];
  const pushed = new Pushed();
  const body = new RequestBody(pushed.body, { ...none, maxBytes: 8, onTooLarge: (bytes) => void told.push(bytes) });
  const copy = new Reading(body.copy(100).open());
  const reader = new Reading(body.open());
  await turn();
  pushed.push('12345678');
  pushed.push('9');
  pushed.push('and more');
  pushed.body.end();
  await turn();
  expect([reader.text, copy.text, told, reader.end, copy.end]).toEqual(['12345678', '12345678', [9], 'none', 'broken']);
});

test('a copy takes what flows, never holds it back, and fails where the body is larger than is copied', async () => {
  const small = new RequestBody(whole('12345'), none);
  const copy = small.copy(5);
  expect([await textOf(small), await textOf(copy)]).toEqual(['12345 whole', '12345 whole']);
  const large = new RequestBody(whole('12345', '6'), none);
  const lost = large.copy(5);
  // Nobody reads the copy, and the body flows all the same.
  expect(await textOf(large)).toBe('123456 whole');
  expect(await textOf(lost)).toBe(' broken');
});

test('what waits for a slow reader is not what came later in the same memory', async () => {
  const pushed = new Pushed();
  const body = new RequestBody(pushed.body, none);
  const copy = body.copy(100);
  const reading = new Reading(body.open()).only(1);
  await turn();
  expect([pushed.push('one '), pushed.push('two ')]).toEqual([false, false]);
  reading.only(Infinity).body?.resume();
  pushed.push('three');
  pushed.body.end();
  expect([reading.text, reading.end, await textOf(copy)]).toEqual(['one two three', 'whole', 'one two three whole']);
});

test('a body that is dropped before its end leaves no copy that looks whole', async () => {
  const pushed = new Pushed();
  const body = new RequestBody(pushed.body, none);
  const copy = new Reading(body.copy(100).open());
  const reader = new Reading(body.open());
  await turn();
  pushed.push('half');
  body.drop();
  pushed.push('and more');
  await turn();
  expect([copy.text, copy.end, reader.text, reader.end, body.open()]).toEqual([
    'half',
    'broken',
    'half',
    'none',
    undefined,
  ]);
});

test('a client that leaves breaks every reader off', async () => {
  const pushed = new Pushed();
  const body = new RequestBody(pushed.body, none);
  const reader = new Reading(body.open());
  await turn();
  pushed.push('half');
  pushed.body.fail(new Error('the client has gone'));
  expect([reader.text, reader.end]).toEqual(['half', 'broken']);
});

test('a body for one reader can be opened until it was read of', async () => {
  const body = new BodyOnce(whole('once'));
  const first = body.open();
  expect(body.open()).toBe(first);
  expect(await textOf(body)).toBe('once whole');
  expect(body.open()).toBeUndefined();
});
