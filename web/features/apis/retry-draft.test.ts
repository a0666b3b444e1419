import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  isRetryShown,
  newRetryPolicy,
  retryNumbers,
  retrySummary,
  retryText,
  retryTextsOf,
  usualRetries,
} from './retry-draft';

const policy = (settings: unknown, id = 0) => ({ id, name: 'retries', text: JSON.stringify(settings, null, 2) });
const all = { attempts: 3, statuses: [503], methods: ['GET', 'PUT'], backoffMs: 0, maxBufferBytes: 16_384 };

test('the settings of retries go through their fields and come out as they went in', () => {
  for (const settings of [all, {}, { attempts: 1 }, { statuses: [500, 502] }]) {
    const texts = retryTextsOf(policy(settings));
    expect(JSON.parse(retryText(texts!))).toEqual(settings);
  }
  expect(JSON.parse(newRetryPolicy([]).text)).toEqual({});
});

test('settings that the fields do not know are left to their JSON', () => {
  for (const settings of [{ ...all, jitter: 'none' }, { statuses: [] }, { methods: [] }, null, [], { attempts: [2] }]) {
    expect(retryTextsOf(policy(settings))).toBeUndefined();
  }
  expect(retryTextsOf({ id: 0, name: 'retries', text: '{' })).toBeUndefined();
  expect(retryTextsOf({ id: 0, name: 'cors', text: '{}' })).toBeUndefined();
});

test('what is no number reaches the server as it was typed, and its field stays', () => {
  const text = retryText({ ...retryTextsOf(policy(all))!, attempts: 'many', statuses: '503, gone' });
  expect(JSON.parse(text)).toMatchObject({ attempts: 'many', statuses: [503, 'gone'] });
  expect(retryTextsOf({ id: 0, name: 'retries', text })).toMatchObject({ attempts: 'many', statuses: '503, gone' });
  expect(JSON.parse(retryText({ ...retryTextsOf(policy(all))!, backoffMs: '1e999' }))).toMatchObject({
    backoffMs: '1e999',
  });
});

test('a policy is shown in one place: at the upstreams, or in the list of policies', () => {
  const [first, second] = [policy(all), policy(all, 1)];
  const draft = { ending: 'split' as const, policies: [first, second] };
  expect([isRetryShown(draft, first), isRetryShown(draft, second)]).toEqual([true, false]);
  expect(isRetryShown({ ...draft, ending: 'answer' }, first)).toBe(false);
  const written = { ...policy({}), isWritten: true };
  expect(isRetryShown({ ...draft, policies: [written] }, written)).toBe(false);
});

test('retries that are turned off and on again are as they were, with an id that is free', () => {
  const dropped = policy(all, 1);
  expect(newRetryPolicy([policy({}, 1), policy({}, 3)], dropped)).toEqual({ ...dropped, id: 4 });
});

test('what becomes of a failed try is said in a line', () => {
  expect(retrySummary(undefined)).toBe('only where no connection opened, unless the API says more');
  expect(retrySummary(policy({}))).toBe('2 more, also after 502, 503, 504');
  expect(retrySummary(policy(all))).toBe('3 more, also after 503');
  expect(retrySummary(policy({ surprise: 1 }))).toBe('as the policy retries says');
});

test('what goes without saying is what the docs of the policy say', () => {
  const docs = readFileSync(resolve(import.meta.dirname, '../../../docs/policies/retries.md'), 'utf8');
  for (const [name, { least, most, usual }] of Object.entries(retryNumbers)) {
    const range = `whole number, ${least.toLocaleString('en')} to ${most.toLocaleString('en')}`;
    expect(docs).toContain(`| \`${name}\` | ${range} | \`${usual}\` |`);
  }
  const list = (text: string, quote: string) =>
    `\`[${text
      .split(', ')
      .map((word) => quote + word + quote)
      .join(',')}]\``;
  expect(docs).toContain(list(usualRetries.methods, '"'));
  expect(docs).toContain(list(usualRetries.statuses, ''));
});
