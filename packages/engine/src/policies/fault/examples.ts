import type { PolicyExample } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'Fail on request',
    text: 'Whether a request was delayed or aborted on purpose stands among its reasons. `shareBps` makes it a share of requests: 500 is 5 %.',
    route: { policies: [{ fault: { abort: { status: 503 }, when: { header: 'x-chaos', exact: 'down' } } }] },
    requests: [
      {
        says: 'A request that asks for it fails.',
        send: { headers: { 'x-chaos': 'down' } },
        expect: { outcome: 503, reasons: ['abort_injected'] },
      },
      { says: 'All others go on.', expect: { outcome: 'forward' } },
    ],
  },
  {
    title: 'Half a second late',
    route: { policies: [{ fault: { delay: { delayMs: 500 } } }] },
    requests: [{ says: 'The request is held back.', expect: { outcome: 'forward', reasons: ['delay_injected'] } }],
  },
];
