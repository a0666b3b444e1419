import { expect, test } from 'vitest';
import { answerHeader, ask, compiledOf, documentWith, faultsOf } from '../../testing/try-route.js';

test.each(['a b', 'x'.repeat(129), 'caf\u00e9', ''])(
  'a client’s id that is not fit for a log is replaced: %s',
  (sent) => {
    const compiled = compiledOf(documentWith([{ 'request-id': {} }]));
    const decision = ask(compiled, { request: { id: 'req_1', headers: { 'x-request-id': sent } } });
    expect(answerHeader(decision, 'x-request-id')).toEqual(['req_1']);
    expect(decision).toMatchObject({ request: { set: [['x-request-id', 'req_1']] } });
  },
);

test.each(['host', 'x-sluice-request-id', 'content-length', 'x-forwarded-for'])(
  'the id cannot stand in %s',
  (header) => {
    expect(faultsOf([{ 'request-id': { header } }])).toMatchObject([{ at: '/0/request-id/header' }]);
  },
);
