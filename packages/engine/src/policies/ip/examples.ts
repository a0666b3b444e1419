import type { PolicyExample } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'An office and a partner',
    text: 'Up to 10,000 entries in each list; they are sorted once, and found by halves. An IPv4-mapped IPv6 address is the IPv4 address.',
    route: { policies: [{ ip: { allow: ['203.0.113.0/24', '2001:db8:7::/48'], deny: ['203.0.113.66'] } }] },
    requests: [
      {
        says: 'An address of an allowed network goes on.',
        send: { clientAddress: '203.0.113.9' },
        expect: { outcome: 'forward', reasons: ['ip_passed'] },
      },
      {
        says: 'One that is denied does not, though its network is allowed.',
        send: { clientAddress: '203.0.113.66' },
        expect: { outcome: 403, code: 'ip_denied', reasons: ['ip_denied'] },
      },
      {
        says: 'Nor does one of another network.',
        send: { clientAddress: '2001:db8:8::1' },
        expect: { outcome: 403, code: 'ip_denied', reasons: ['ip_denied'] },
      },
    ],
  },
];
