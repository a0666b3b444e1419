import { describe, expect, it, test } from 'vitest';
import { isOfFleet, readHost, recordNameOf } from './host-name.js';

const fleet = 'gw.sluice.dev';

describe('a host is kept in one form, however it is written', () => {
  it.each([
    ['api.acme.com', 'api.acme.com'],
    ['API.Acme.COM', 'api.acme.com'],
    ['api.acme.com.', 'api.acme.com'],
    ['*.acme.com', '*.acme.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['*.bücher.example', '*.xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['ａｐｉ.acme.com', 'api.acme.com'],
    ['api。acme。com', 'api.acme.com'],
  ])('%s is %s', (written, host) => {
    expect(readHost(written, fleet)).toEqual({ isGood: true, host });
  });
});

describe('what names no host of anybody is refused, with what to write instead', () => {
  it.each([
    '*',
    '*.',
    '',
    '.',
    '*.*',
    '**.acme.com',
    'api.*.com',
    'localhost',
    '*.com',
    'com',
    '127.0.0.1',
    '0x7f.1',
    '[::1]',
    'api.acme.com:8080',
    'https://api.acme.com',
    'api.acme.com/orders',
    'user@acme.com',
    'api acme.com',
    '-api.acme.com',
    'api-.acme.com',
    'api..acme.com',
    '_dmarc.acme.com',
    'a%2eb.com',
    `${'a'.repeat(64)}.acme.com`,
    `${'a.'.repeat(99)}acme.com`,
  ])('%s', (written) => {
    expect(readHost(written, fleet)).toMatchObject({ isGood: false, fix: expect.stringMatching(/\w/) as string });
  });
});

describe("no claim reaches into the fleet's own domain", () => {
  it.each([
    'gw.sluice.dev',
    'acme.gw.sluice.dev',
    'staging--acme.gw.sluice.dev',
    'v2.acme.gw.sluice.dev',
    '*.gw.sluice.dev',
    '*.acme.gw.sluice.dev',
    '*.sluice.dev',
    'ACME.GW.SLUICE.DEV.',
  ])('%s', (written) => {
    expect(readHost(written, fleet)).toMatchObject({
      isGood: false,
      message: expect.stringContaining("the platform's own domain") as string,
    });
  });

  it.each(['sluice.dev', 'api.sluice.dev', '*.docs.sluice.dev', 'notgw.sluice.dev', '*.notgw.sluice.dev'])(
    '%s lies beside it',
    (host) => {
      expect(readHost(host, fleet)).toEqual({ isGood: true, host });
    },
  );

  it('of a fleet without a domain of its own no less', () => {
    expect(isOfFleet('acme.localhost', 'localhost')).toBe(true);
    expect(isOfFleet('acme.notlocalhost', 'localhost')).toBe(false);
  });
});

test('a wildcard is proven where the domain above it is', () => {
  expect(recordNameOf('api.acme.com')).toBe('_sluice-challenge.api.acme.com');
  expect(recordNameOf('*.acme.com')).toBe('_sluice-challenge.acme.com');
});
