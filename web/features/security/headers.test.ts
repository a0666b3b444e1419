import { expect, test } from 'vitest';
import { contentSecurityPolicy } from './headers';

test('only scripts with the nonce of this very answer run, and only the named gateways can be called', () => {
  const policy = contentSecurityPolicy('abc', ['http://acme.localhost:8080'], false);
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
  expect(policy).toContain("connect-src 'self' http://acme.localhost:8080;");
  expect(policy).not.toContain('unsafe-eval');
  expect(policy).toContain("frame-ancestors 'none'");
});
