import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { stageOf, viewsOf } from './reason-view';

const said = (code: string) => ({ code, sentence: `Sentence of ${code}.` });

test('a sentence of the server stands as it is', () => {
  expect(viewsOf([said('key_accepted')], false)).toEqual([
    { code: 'key_accepted', stage: 'Authenticate', text: 'Sentence of key_accepted.', mark: 'passed' },
  ]);
});

test('a reason of a newer gateway is shown with its code and data, never as a blank', () => {
  const [moon, bare, none] = viewsOf(
    [{ code: 'moon_phase', phase: 'full', day: 3 }, { code: 'moon_phase' }, {}],
    false,
  );
  expect(moon).toEqual({ code: 'moon_phase', stage: '', text: 'moon_phase: phase full, day 3', mark: 'noted' });
  expect([bare?.text, none?.text]).toEqual(['moon_phase', 'without a code']);
});

test('of a refused request the last reason that is no consent is what stopped it', () => {
  const reasons = ['route_matched', 'key_missing', 'token_expired', 'origin_allowed'].map(said);
  expect(viewsOf(reasons, true).map(({ mark }) => mark)).toEqual(['passed', 'noted', 'stopped', 'passed']);
});

test('a request that went through shows no reason as its end, whichever way of proving a caller failed', () => {
  const reasons = ['key_missing', 'token_accepted'].map(said);
  expect(viewsOf(reasons, false).map(({ mark }) => mark)).toEqual(['noted', 'passed']);
});

test('every reason of the engine has its stage', () => {
  const pages = globSync('docs/reasons/*_*.md', { cwd: new URL('../../..', import.meta.url) });
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.map((page) => basename(page, '.md')).filter((code) => stageOf(code) === '')).toEqual([]);
});
