import { expect, test } from 'vitest';
import { LongRequests } from './long-requests.js';
import type { LongRequest } from './long-requests.js';

let now = 0;
const told: string[] = [];
const list = (): LongRequests => {
  now = 0;
  told.length = 0;
  return new LongRequests(10_000, () => now);
};
const requestOf = (name: string): LongRequest => ({
  startedAt: now,
  previous: undefined,
  next: undefined,
  onLong: () => told.push(name),
});
/** Begins one now. */
const begin = (requests: LongRequests, name: string): LongRequest => {
  const request = requestOf(name);
  requests.begin(request);
  return request;
};

test('a request is told of once, when it has lasted as long as that, and not a millisecond before', () => {
  const requests = list();
  const first = begin(requests, 'first');
  now = 4000;
  begin(requests, 'second');
  now = 9999;
  requests.look();
  expect(told).toEqual([]);
  now = 10_000;
  requests.look();
  requests.look();
  expect(told).toEqual(['first']);
  requests.end(first);
  now = 14_000;
  requests.look();
  expect(told).toEqual(['first', 'second']);
});

test('one that ends before is never told of, wherever it stands, and the others are', () => {
  for (const place of ['first', 'middle', 'last']) {
    const requests = list();
    const all = new Map(['first', 'middle', 'last'].map((name) => [name, begin(requests, name)]));
    const over = all.get(place);
    if (over !== undefined) requests.end(over);
    begin(requests, 'later');
    now = 10_000;
    requests.look();
    expect(told).toEqual(['first', 'middle', 'last', 'later'].filter((name) => name !== place));
    expect([over?.previous, over?.next]).toEqual([undefined, undefined]);
  }
});

test('one that has been told of can end, and takes no other along', () => {
  const requests = list();
  const long = begin(requests, 'long');
  now = 10_000;
  requests.look();
  begin(requests, 'young');
  requests.end(long);
  requests.end(long);
  now = 20_000;
  requests.look();
  expect(told).toEqual(['long', 'young']);
});

test('a request that ends others while it is told of disturbs nobody', () => {
  const requests = list();
  const others = ['a', 'b'].map(requestOf);
  requests.begin({ ...requestOf('ends'), onLong: () => others[0] !== undefined && requests.end(others[0]) });
  for (const one of others) requests.begin(one);
  now = 10_000;
  requests.look();
  expect(told).toEqual(['b']);
});

test('a crowd is told of turn by turn, so that other events come in between, and whole', async () => {
  const requests = list();
  for (let one = 0; one < 1000; one += 1) begin(requests, String(one));
  now = 10_000;
  requests.look();
  expect(told.length).toBeLessThan(300);
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(Array.from({ length: 1000 }, (_, one) => String(one)));
});
