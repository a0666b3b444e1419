import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import type { Network } from './address-set.js';
import { addressSet, hasAddress, hasNetwork, parseNetwork } from './address-set.js';
import type { Address } from './address.js';
import { clientOf, parseAddress } from './address.js';

function ranges(...texts: string[]): Network[] {
  return texts.map((text) => {
    const network = parseNetwork(text);
    if (typeof network === 'string' || 'network' in network) throw new Error(`${text}: ${JSON.stringify(network)}`);
    return network;
  });
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(text);
  return address;
}

// Of ::1.2.3.4, the deprecated IPv4-compatible form, the other reader makes an IPv4 address, as nobody else does.
const ipv6 = fc.ipV6().filter((text) => !text.includes('.'));
const anyAddress = fc.oneof(
  fc.ipV4(),
  ipv6,
  fc.ipV4().map((ipv4) => `::ffff:${ipv4}`),
);
const letters = fc.constantFrom('0', '1', '2', '5', 'a', 'f', ':', '::', '.', '/');

test('an address is read as another reader reads it', () => {
  fc.assert(
    fc.property(anyAddress, (text) => {
      const other = ipaddr.process(text);
      const bytes = other.toByteArray();
      const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
      expect(parseAddress(text)).toEqual(
        other.kind() === 'ipv4' ? { family: 4, value: Number.parseInt(hex, 16) } : { family: 6, value: hex },
      );
    }),
  );
});

test('what can be read in two ways is no address', () => {
  const odd = [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '010.0.0.1',
    '1.2.3.256',
    '0x1.2.3.4',
    '1.2.3.4 ',
    '1..2.3',
    '1.2.3.',
    '.1.2.3',
  ];
  const odd6 = [
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1:2:3:4:5:6:7:8',
    '12345::',
    'g::',
    '::1.2.3',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::ffff:010.0.0.1',
  ];
  for (const text of [...odd, ...odd6]) expect([text, parseAddress(text)]).toEqual([text, undefined]);
  fc.assert(
    fc.property(fc.string({ unit: letters }), (text) => {
      expect(parseAddress(text) === undefined || ipaddr.isValid(text)).toBe(true);
    }),
  );
});

test('a client is an IPv4 address, or a network of 64 bits', () => {
  expect(clientOf(parseAddress('::ffff:192.0.2.1'))).toBe('192.0.2.1');
  expect(clientOf(parseAddress('2001:db8:1:2:3:4:5:6'))).toBe('2001:0db8:0001:0002::/64');
  expect(clientOf(parseAddress('2001:db8:1:2:ffff::'))).toBe('2001:0db8:0001:0002::/64');
  expect(clientOf(parseAddress('fe80::1%br-lan.2'))).toBe('fe80:0000:0000:0000::/64');
  expect(clientOf(undefined)).toBe('unknown');
});

describe('networks', () => {
  test('what is no network is said, and what names an address inside of one', () => {
    for (const text of [
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/08',
      '10.0.0.0/',
      '::/129',
      '10/8',
      'fe80::1%eth0',
      '::ffff:1.2.3.4/90',
      'x/8',
    ])
      expect([text, parseNetwork(text)]).toEqual([text, 'malformed']);
    expect(parseNetwork('10.0.0.1/8')).toEqual({ network: '10.0.0.0/8', address: '10.0.0.1' });
    expect(parseNetwork('2001:db8::1/32')).toEqual({
      network: '2001:0db8::/32',
      address: '2001:0db8:0000:0000:0000:0000:0000:0001',
    });
  });

  test('a mapped network is the IPv4 network', () => {
    const set = addressSet(ranges('::ffff:10.0.0.0/104'));
    expect(hasAddress(set, addressOf('10.255.255.255'))).toBe(true);
    expect(hasAddress(set, addressOf('11.0.0.0'))).toBe(false);
  });

  test('ranges that touch or overlap become one, in any order', () => {
    expect(addressSet(ranges('10.0.1.0/24', '10.0.0.0/24', '10.0.0.128/25', '1.1.1.1'))).toEqual({
      ipv4: Uint32Array.from([0x01010101, 0x01010101, 0x0a000000, 0x0a0001ff]),
      ipv6: [],
    });
    const all = addressSet(ranges('0.0.0.0/0', '::/0', '255.255.255.255'));
    for (const text of ['0.0.0.0', '255.255.255.255', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'])
      expect(hasAddress(all, addressOf(text))).toBe(true);
  });

  test('an address is in the set exactly when it is in one of its networks', () => {
    const network = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(ipv6, fc.integer({ min: 0, max: 128 })),
    );
    const cidr = network
      .filter(([text]) => ipaddr.process(text).toString() === ipaddr.parse(text).toString())
      .map(([text, bits]) => {
        const base = ipaddr.parse(text).kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
        return `${base.networkAddressFromCIDR(`${text}/${bits}`).toString()}/${bits}`;
      });
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 20 }), fc.array(anyAddress, { minLength: 1 }), (cidrs, addresses) => {
        const set = addressSet(ranges(...cidrs));
        for (const text of [...addresses, ...cidrs.map((one) => one.split('/')[0] ?? '')]) {
          const address = ipaddr.process(text);
          const expected = cidrs.some((one) => {
            const [base, bits] = ipaddr.parseCIDR(one);
            return base.kind() === address.kind() && address.match([base, bits] as never);
          });
          expect([text, hasAddress(set, addressOf(text))]).toEqual([text, expected]);
        }
      }),
    );
  });

  test('a network is in the set when all of it is', () => {
    const set = addressSet(ranges('10.0.0.0/24', '10.0.1.0/24', '2001:db8::/32'));
    const has = (text: string): boolean => ranges(text).every((network) => hasNetwork(set, network));
    expect(['10.0.0.0/23', '10.0.0.7', '2001:db8:1::/48'].map(has)).toEqual([true, true, true]);
    expect(['10.0.0.0/22', '10.0.2.0/24', '2001::/16', '2001:db9::/32'].map(has)).toEqual([false, false, false, false]);
  });
});
