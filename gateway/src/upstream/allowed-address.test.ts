import { describe, expect, test } from 'vitest';
import { addressRule, checkedLookup, ForbiddenAddressError } from './allowed-address.js';

describe('addresses', () => {
  test('only public addresses are allowed, in whatever form they are written', () => {
    const isAllowed = addressRule([]);
    expect(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34'].map(isAllowed)).toEqual([
      true,
      true,
      true,
    ]);
    const forbidden = [
      '127.0.0.1',
      '127.9.9.9',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '255.255.255.255',
      '224.0.0.1',
      '192.0.2.1',
      '198.18.0.1',
      '240.0.0.1',
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:db8::1',
      '::7f00:1', // IPv4-compatible, RFC 4291 section 2.5.5.1
      '4000::1', // no global unicast has been given out beyond 2000::/3
      'not an address',
      '',
    ];
    expect(forbidden.filter(isAllowed)).toEqual([]);
  });

  test('a range that the operator allows is allowed, and nothing beside it', () => {
    const isAllowed = addressRule(['127.0.0.0/8', 'fd00::/16']);
    expect(['127.0.0.1', '::ffff:127.0.0.1', 'fd00::1', '10.0.0.1', 'fd01::1'].map(isAllowed)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test('a name hands on only the addresses that are allowed', async () => {
    const resolve = async (allow: string[]): Promise<unknown> =>
      new Promise((done) =>
        checkedLookup(addressRule(allow))('localhost', { all: true }, (error, addresses) => done(error ?? addresses)),
      );
    expect(await resolve([])).toBeInstanceOf(ForbiddenAddressError);
    expect(await resolve(['127.0.0.0/8'])).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });
});
