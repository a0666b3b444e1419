import { expect, test } from 'vitest';
import { frontPageOf, portalUrl, siteOfHost } from './hosts';

const consoleUrl = 'http://localhost:3000';

test("a tenant's host is its portal, the console's own host is the console", () => {
  expect(siteOfHost('acme.localhost:3000', 'localhost', consoleUrl)).toEqual({ kind: 'portal', tenant: 'acme' });
  expect(siteOfHost('localhost:3000', 'localhost', consoleUrl)).toEqual({ kind: 'console' });
  expect(siteOfHost('127.0.0.1:3000', 'localhost', consoleUrl)).toEqual({ kind: 'console' });
});

test('a host under the portal domain that nobody can own never shows the console', () => {
  for (const host of ['a.b.localhost', 'v1.localhost', 'staging--acme.localhost', '-.localhost']) {
    expect(siteOfHost(host, 'localhost', consoleUrl)).toEqual({ kind: 'unknown' });
  }
});

test('the console may live under the portal domain', () => {
  const at = 'https://console.example.com';
  expect(siteOfHost('console.example.com', 'example.com', at)).toEqual({ kind: 'console' });
  expect(siteOfHost('ACME.example.com', 'example.com', at)).toEqual({ kind: 'portal', tenant: 'acme' });
});

test('a portal keeps the protocol and the port of the console', () => {
  expect(portalUrl('acme', 'localhost', consoleUrl)).toBe('http://acme.localhost:3000');
});

test('a host without a portal leads to the console, never back to the page that was not found', () => {
  expect(frontPageOf({ kind: 'unknown' }, false, consoleUrl)).toBe('http://localhost:3000/');
  expect(frontPageOf({ kind: 'portal', tenant: 'nobody' }, false, consoleUrl)).toBe('http://localhost:3000/');
  expect(frontPageOf({ kind: 'portal', tenant: 'acme' }, true, consoleUrl)).toBe('/');
  expect(frontPageOf({ kind: 'console' }, false, consoleUrl)).toBe('/');
});
