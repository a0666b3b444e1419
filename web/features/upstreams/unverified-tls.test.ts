import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { UnverifiedTls } from './unverified-tls';

test('an upstream whose certificates are not checked says so, and no other does', () => {
  const shown = (tls?: object) => renderToStaticMarkup(UnverifiedTls({ upstream: tls === undefined ? {} : { tls } }));
  expect(shown({ insecure: true })).toContain('TLS not verified');
  expect([shown(), shown({}), shown({ insecure: false })]).toEqual(['', '', '']);
});
