import { explainBodySchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { Refusal } from '../http/refusal.js';
import { requestedBy } from './requested.js';

const of = (body: object): ReturnType<typeof requestedBy> => requestedBy(explainBodySchema.parse(body));

test('a request reads as a gateway would read it off the wire', () => {
  const request = of({
    url: 'https://Acme.Example.COM.:8443/a/../%62?q=1',
    headers: { 'X-User': ' Zo\u00eb ', x_user: 'forged', 'x.user': 'forged' },
  });
  expect(request).toMatchObject({ host: 'acme.example.com', path: '/b', query: '?q=1', protocol: 'https' });
  expect(request.header('x-user')).toBe('Zo\u00c3\u00ab');
  expect([request.header('x_user'), request.header('x.user')]).toEqual([undefined, undefined]);
});

test.each(['https://a.test/%2F', 'https://a.test/?q=\u00e4', 'https://user@a.test/'])(
  '%s, which no gateway takes, is refused',
  (url) => {
    expect(() => of({ url })).toThrow(Refusal);
  },
);

test('a header with a line break is refused', () => {
  expect(explainBodySchema.safeParse({ url: 'https://a.test/', headers: { a: 'b\r\nc: d' } }).success).toBe(false);
  expect(explainBodySchema.safeParse({ url: 'https://a.test/', headers: { a: 'b\tc' } }).success).toBe(true);
});
