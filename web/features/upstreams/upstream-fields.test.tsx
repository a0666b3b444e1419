import { renderToStaticMarkup } from 'react-dom/server';
import {
  ejectionSpecSchema,
  fieldErrors,
  healthSpecSchema,
  upstreamCreateSchema,
  upstreamLimitsSchema,
  upstreamSpecSchema,
  upstreamTimeoutsSchema,
  upstreamTlsSchema,
} from '@sluice/contracts';
import { expect, test } from 'vitest';
import { TagsField } from '@/features/ui/tags-field';
import { BalanceFields } from './balance-fields';
import { BreakerFields, TimeoutFields } from './connection-fields';
import { EjectionFields, HealthFields } from './health-fields';
import { TargetFields } from './target-fields';
import { TlsFields } from './tls-fields';
import { emptyTarget, emptyUpstream, upstreamOf } from './upstream-draft';
import type { UpstreamDraft } from './upstream-draft';

const parts = { BalanceFields, HealthFields, EjectionFields, BreakerFields, TimeoutFields, TlsFields };
const empty = { ...emptyUpstream(), name: 'users', targets: [{ ...emptyTarget([]), url: 'http://users' }] };
const shown = (draft: UpstreamDraft, errors: Record<string, string> = {}) =>
  renderToStaticMarkup(
    <>
      <TargetFields draft={draft} errors={errors} isReadOnly={false} onChange={() => {}} />
      <TagsField tags={draft.tags} errors={errors} onChange={() => {}} />
      {Object.entries(parts).map(([name, Part]) => (
        <Part key={name} draft={draft} errors={errors} onChange={() => {}} />
      ))}
    </>,
  );
const openParts = (html: string) => html.split('<details').filter((part) => /^[^>]* open=/.test(part)).length;

/** What the form says of a draft that it would not send. */
const said = (draft: UpstreamDraft) => {
  const { error } = upstreamCreateSchema.safeParse(upstreamOf(draft));
  const errors = error === undefined ? [] : fieldErrors(error);
  return shown(draft, Object.fromEntries(errors.map(({ pointer, fix }) => [pointer, fix])));
};

test('everything is folded until something in it is set or wrong', () => {
  expect(openParts(shown(empty))).toBe(0);
  expect(openParts(shown({ ...empty, limits: { ...empty.limits, requests: '9' } }))).toBe(1);
  expect(openParts(shown({ ...empty, timeoutMs: '30000' }))).toBe(0);
  expect(openParts(shown(empty, { '/tls/ca': 'no', '/timeouts/idleMs': 'no' }))).toBe(2);
});

test('one target asks for no weight; two say their shares', () => {
  expect(shown(empty)).not.toContain('Weight');
  expect(shown({ ...empty, targets: [...empty.targets, emptyTarget(empty.targets)] })).toContain('50 %');
});

test('an error of any field of an upstream is shown at a field', () => {
  const draft: UpstreamDraft = {
    ...empty,
    balance: 'consistent-hash',
    health: { ...empty.health, isOn: true },
    tls: { ...empty.tls, isThere: true },
  };
  const below = (name: string, schema: { shape: object }) => Object.keys(schema.shape).map((key) => `/${name}/${key}`);
  const pointers = [
    '/targets',
    '/targets/0/url',
    '/targets/0/weight',
    '/timeoutMs',
    '/balance',
    '/hashBy',
    '/reuse',
    '/health/statuses/0',
    '/tags',
    '/tags/0',
    ...below('health', healthSpecSchema),
    ...below('ejection', ejectionSpecSchema),
    ...below('limits', upstreamLimitsSchema),
    ...below('timeouts', upstreamTimeoutsSchema),
    ...below('tls', upstreamTlsSchema).filter((pointer) => pointer !== '/tls/insecure'),
  ];
  for (const pointer of pointers) {
    expect(shown(draft, { [pointer]: 'refused' }), pointer).toMatch(/text-bad">/);
  }
  expect(shown(draft)).not.toMatch(/text-bad">/);
  expect(
    Object.keys(upstreamSpecSchema.shape).filter((key) => !pointers.some((at) => at.startsWith(`/${key}`))),
  ).toEqual(['identity']);
});

test('an error names the remedy in the words of the page', () => {
  const health = { ...empty.health, isOn: true };
  expect(said({ ...empty, health: { ...health, intervalMs: '1000' } })).toContain(
    'Write a time no longer than from one check to the next.',
  );
  expect(said({ ...empty, health: { ...health, statuses: '2xx, ok' } })).toContain('Write statuses from 200 to 599');
  expect(said({ ...empty, ejection: { ...empty.ejection, maxMs: '1000' } })).toContain(
    'Write a time no shorter than the first ejection.',
  );
  expect(said({ ...empty, timeouts: { ...empty.timeouts, connectMs: 'soon' } })).toContain(
    'Write a whole number from 1 to 60,000, or nothing.',
  );
  expect(said({ ...empty, balance: 'consistent-hash', hashKind: 'header', hashName: 'x user' })).toContain(
    'Write a header name: a-z, 0-9 and dashes.',
  );
  expect(said({ ...empty, tls: { ...empty.tls, ca: 'my key' } })).toContain('BEGIN CERTIFICATE');
});

test('turning the check of certificates off says what it means, aloud too', () => {
  const consequence = 'can read and change every request';
  const [, alert] = shown({ ...empty, tls: { ...empty.tls, insecure: true } }).split('role="alert"');
  expect(alert).toContain(consequence);
  expect(shown(empty)).not.toContain(consequence);
});
