import type { Facts, Headers } from '../../decision.js';
import type { PolicyExample } from '../example.js';

function said(status: number, headers: Headers = []): Partial<Facts> {
  return { forwardAuth: () => ({ state: 'answered', status, headers, body: '' }) };
}

export const examples: readonly PolicyExample[] = [
  {
    title: 'A service that says who it is, as with Traefik',
    text: 'The service gets `GET` with the headers of the request, and X-Forwarded-Method, -Proto, -Host, -Uri and -For. Names of headers may be written in any case. Of an answer that is no 2xx the client gets status, body, and the headers Cache-Control, Content-Language, Content-Type, Location, Retry-After, Set-Cookie, Vary and WWW-Authenticate, as they are.',
    route: {
      policies: [
        {
          'forward-auth': {
            address: 'http://auth-service:3000/verify',
            authResponseHeaders: ['X-User-Id', 'X-User-Role'],
          },
        },
      ],
    },
    requests: [
      {
        says: "With 2xx the request goes on, with the service's headers in the place of the client's.",
        send: { headers: { authorization: 'Bearer opaque', 'x-user-id': 'forged', 'x-user-role': 'admin' } },
        facts: said(200, [['x-user-id', 'alice']]),
        expect: {
          outcome: 'forward',
          reasons: ['forward_auth_passed'],
          upstreamHeaders: { 'x-user-id': 'alice', 'x-user-role': null },
        },
      },
      {
        says: 'Any other answer of the service is what the client gets.',
        facts: said(302, [
          ['location', 'https://login.acme.test/'],
          ['server', 'internal'],
        ]),
        expect: {
          outcome: 302,
          reasons: ['forward_auth_answered'],
          answerHeaders: { location: 'https://login.acme.test/', server: null },
        },
      },
      {
        says: 'Without an answer of the service no request passes.',
        facts: { forwardAuth: () => ({ state: 'unavailable', fault: 'timeout' }) },
        expect: { outcome: 503, code: 'forward_auth_unavailable', reasons: ['forward_auth_unavailable'] },
      },
    ],
  },
];
