// What clients and upstreams get to see of a gateway.
import { connect } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { portalOrigin } from './feed-server.js';
import type { Answer, GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';

let stack: Stack;
let gateway: GatewayProcess;
let seen: IncomingMessage | undefined;

beforeAll(async () => {
  stack = await Stack.start();
  const upstream = await stack.upstream((req, res) => {
    seen = req;
    if (req.url === '/odd') {
      res.writeHead(
        201,
        [
          ['X-Odd', 'yes'],
          ['Connection', 'X-Private'],
          ['X-Private', '1'],
          ['X-Sluice-Arm', 'forged'],
          ['Set-Cookie', 'a=1'],
          ['Set-Cookie', 'b=2'],
        ].flat(),
      );
      res.end('odd');
    } else if (req.url === '/broken') {
      res.writeHead(200, { 'content-length': '100' });
      res.write('half', () => req.socket.destroy());
    } else if (req.url === '/dropped') {
      req.socket.destroy();
    } else if (req.url === '/empty') {
      res.writeHead(204).end();
    } else if (req.url === '/unchanged') {
      res.writeHead(304, { etag: '"1"' }).end();
    } else if (req.url === '/never') {
      // keeps the client waiting
    } else {
      res.setHeader('content-type', 'text/plain');
      res.end(`${req.method} ${req.url}`);
    }
  });
  const routes = [
    routeTo('one', '/open', { strip: '/open' }),
    routeTo('one', '/reads', { match: { path: { prefix: '/reads' }, methods: ['GET'] } }),
    routeTo('one', '/keyed', withKey),
    routeTo('based', '/based', { strip: '/based' }),
    routeTo('gone', '/gone'),
    routeTo('half-gone', '/half-gone'),
    routeTo('slow', '/slow', { strip: '/slow' }),
    routeTo('by-name', '/by-name'),
    routeTo('metadata', '/metadata'),
    routeTo('one', '/odd-key', { policies: [{ 'api-key': { header: 'constructor' } }] }),
  ];
  const upstreams = {
    one: upstream.url,
    based: `${upstream.url}/base/`,
    gone: 'http://127.0.0.1:1',
    'half-gone': { targets: [{ url: 'http://127.0.0.1:1' }, { url: upstream.url }] },
    slow: { targets: [{ url: upstream.url }], timeoutMs: 300 },
    'by-name': `http://localhost:${upstream.port}`,
    metadata: 'http://169.254.169.254',
  };
  stack.feed.publish(documentOf(upstreams, routes));
  stack.feed.admit('good');
  stack.feed.admit('wrong-plan', { plan: 'elsewhere', subscription: 'sub_2' });
  stack.feed.admit('early', { revision: 99, subscription: 'sub_3' });
  gateway = await stack.readyGateway();
});
afterAll(async () => stack.stop());

const codeOf = ({ body }: Answer): unknown => (JSON.parse(body) as { code: string }).code;

/** Bytes as a client may send them, and everything that comes back until the connection ends. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.write(bytes); // an HTTP client that ends its side has gone: Node then answers nothing
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe('routing', () => {
  test('a request goes to its upstream, with its prefix stripped and the target’s path before it', async () => {
    expect((await gateway.send('/open/x/7?a=1&b=%2F')).body).toBe('GET /x/7?a=1&b=%2F');
    expect((await gateway.send('/open')).body).toBe('GET /');
    expect((await gateway.send('/based/x')).body).toBe('GET /base/x');
  });

  test('the path that is matched is the path that is forwarded', async () => {
    expect((await gateway.send('/open/a/../%62/./c//d')).body).toBe('GET /b/c//d');
    for (const path of ['/open/%2e%2e/x', '/open/a%2fb', '/open/a%5cb', '/open/%00', '/open/%zz']) {
      const answer = await gateway.send(path);
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 400, 'bad_request']);
    }
  });

  test('an unknown host, an unknown path and a wrong method each say so', async () => {
    expect(codeOf(await gateway.send('/open', { host: 'other.test' }))).toBe('unknown_host');
    expect(codeOf(await gateway.send('/nothing'))).toBe('no_route');
    const wrong = await gateway.send('/reads', { method: 'POST' });
    expect([wrong.status, wrong.headers.allow, codeOf(wrong)]).toEqual([405, 'GET, HEAD', 'method_not_allowed']);
  });

  test('a problem is RFC 9457, with the id that the answer carries', async () => {
    const answer = await gateway.send('/nothing');
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({
      status: 404,
      instance: '/nothing',
      requestId: answer.headers['x-sluice-request-id'],
    });
  });
});

describe('keys', () => {
  const withHeader = async (key: string): Promise<Answer> => gateway.send('/keyed', { headers: { 'x-api-key': key } });

  test('a missing, a wrong and a right key', async () => {
    const missing = await gateway.send('/keyed');
    expect([missing.status, codeOf(missing), missing.headers['www-authenticate']]).toEqual([
      401,
      'credential_missing',
      'ApiKey header="x-api-key"',
    ]);
    expect(codeOf(await withHeader('bad'))).toBe('credential_invalid');
    expect((await withHeader('good')).status).toBe(200);
  });

  test('a plan without the API, and a subscription that is ahead of the gateway', async () => {
    const wrongPlan = await withHeader('wrong-plan');
    expect([wrongPlan.status, codeOf(wrongPlan)]).toEqual([403, 'plan_excludes_api']);
    const early = await withHeader('early');
    expect([early.status, codeOf(early)]).toEqual([503, 'configuration_pending']);
  });

  test('a header that has the name of a member of all objects is a header like any other', async () => {
    expect(codeOf(await gateway.send('/odd-key'))).toBe('credential_missing');
    expect((await gateway.send('/odd-key', { headers: { constructor: 'good' } })).status).toBe(200);
  });

  test('the upstream never sees the key', async () => {
    await withHeader('good');
    expect(JSON.stringify(seen?.rawHeaders)).not.toContain('good');
  });
});

describe('headers', () => {
  test('what says who the client is, is written by the gateway alone', async () => {
    const forged = {
      'x-forwarded-for': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
      'x-forwarded-proto': 'https',
      'x-sluice-request-id': 'forged',
    };
    const answer = await gateway.send('/open', { headers: { ...forged, 'X-Request-Id': 'mine' } });
    expect(seen?.headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'api.acme.test',
      'x-forwarded-proto': 'http',
      forwarded: 'for=127.0.0.1;host="api.acme.test";proto=http',
      'x-sluice-request-id': answer.headers['x-sluice-request-id'],
      'x-request-id': 'mine',
    });
    expect(JSON.stringify(seen?.rawHeaders)).not.toMatch(/203\.0\.113\.9|forged/);
  });

  test('hop-by-hop headers, those that Connection names, and ambiguous names end here', async () => {
    await gateway.send('/open', {
      headers: {
        connection: 'x-secret, close',
        'x-secret': '1',
        te: 'trailers',
        x_user: 'root',
        'x.user': 'root',
        'x-kept': '1',
      },
    });
    expect(seen?.headers['x-kept']).toBe('1');
    for (const name of ['x-secret', 'te', 'x_user', 'x.user']) expect(seen?.headers[name]).toBeUndefined();
  });

  test('an answer keeps its own headers and loses what belongs to the gateway', async () => {
    const { status, headers } = await gateway.send('/open/odd');
    expect([status, headers['x-odd'], headers['x-private'], headers['x-sluice-arm']]).toEqual([
      201,
      'yes',
      undefined,
      'stable',
    ]);
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  test('answers without a body stay without one', async () => {
    const head = await gateway.send('/open/x', { method: 'HEAD' });
    expect([head.status, head.headers['content-type'], head.body]).toEqual([200, 'text/plain', '']);
    expect((await gateway.send('/open/empty')).status).toBe(204);
    const unchanged = await gateway.send('/open/unchanged');
    expect([unchanged.status, unchanged.headers.etag, unchanged.body]).toEqual([304, '"1"', '']);
    const refused = await gateway.send('/nothing', { method: 'HEAD' });
    expect([refused.status, refused.body]).toEqual([404, '']);
  });

  test('the portal may read answers from a browser', async () => {
    const preflight = await gateway.send('/keyed', {
      method: 'OPTIONS',
      headers: {
        origin: portalOrigin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-api-key',
      },
    });
    expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([204, 'x-api-key']);
    const refused = await gateway.send('/keyed', { headers: { origin: portalOrigin } });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, portalOrigin]);
    expect(refused.headers['access-control-expose-headers']).toContain('RateLimit');
  });
});

describe('bytes', () => {
  test('a request that two servers could read differently is refused, and its connection closed', async () => {
    const head = 'GET /open HTTP/1.1\r\nHost: api.acme.test\r\n';
    const bad = [
      'GET /open HTTP/1.1\r\n\r\n',
      `${head}Host: other.test\r\n\r\n`,
      `${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc`,
      `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      `${head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
      `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'GET /open HTTP/1.1\r\nHost: api.acme.test:65536\r\n\r\n',
      'GET /open HTTP/2.0\r\nHost: api.acme.test\r\n\r\n',
      `${head}X-Bad : 1\r\n\r\n`,
      `${head}X-Folded: 1\r\n 2\r\n\r\n`,
      'GET /open HTTP/1.1\nHost: api.acme.test\n\n',
      'GET http://other.test/open HTTP/1.1\r\nHost: api.acme.test\r\n\r\n',
      'POST /open HTTP/1.0\r\nHost: api.acme.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      `${head}${Array.from({ length: 101 }, (_, index) => `X-${index}: 1\r\n`).join('')}\r\n`,
      `${head}X-Big: ${'a'.repeat(20_000)}\r\n\r\n`,
    ];
    for (const bytes of bad) {
      const answer = await raw(bytes);
      expect([bytes.slice(0, 120), answer.slice(0, 12)]).toEqual([bytes.slice(0, 120), 'HTTP/1.1 400']);
      expect(answer.toLowerCase()).toContain('connection: close');
    }
  });

  test('a malformed request gets its answer on a connection that has served others, too', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('GET /open/x HTTP/1.1\r\nHost: api.acme.test\r\n\r\n');
    let text = '';
    for await (const chunk of socket) {
      text += String(chunk);
      if (text.endsWith('GET /x')) socket.write('GET /open HTTP/1.1\r\nX-Bad : 1\r\n\r\n');
    }
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  test('a method that would make a proxy an echo or a tunnel gets a problem', async () => {
    for (const line of ['TRACE /open', 'CONNECT api.acme.test:443']) {
      const answer = await raw(`${line} HTTP/1.1\r\nHost: api.acme.test\r\n\r\n`);
      expect([line, answer.slice(0, 12)]).toEqual([line, 'HTTP/1.1 405']);
      expect(answer).toContain('"code":"method_not_allowed"');
      expect(answer.toLowerCase()).toContain('allow: get, head');
      expect(answer.toLowerCase()).toContain('connection: close');
    }
  });

  test('a method that nobody knows is called by its name, not a breach of the protocol', async () => {
    const answer = await raw('BREW /open HTTP/1.1\r\nHost: api.acme.test\r\n\r\n');
    expect(answer.slice(0, 12)).toBe('HTTP/1.1 400');
    expect(answer).toContain('The method is not one that the gateway knows.');
    expect(answer).not.toContain('RFC 9112');
  });

  test('a head that does not end is refused within the time that the answer names', async () => {
    const begun = performance.now();
    const answer = await raw('GET /open HTTP/1.1\r\nHost: api.acme.test\r\nX-Slow: ');
    expect(answer.slice(0, 12)).toBe('HTTP/1.1 408');
    expect(answer).toContain('did not arrive within 10 s');
    // What is promised is a bound: Node would look only every 30 s.
    expect(performance.now() - begun).toBeLessThan(15_000);
  }, 40_000);

  test('the absolute form of the same host is taken', async () => {
    expect(
      await raw('GET http://api.acme.test/open/x HTTP/1.1\r\nHost: api.acme.test\r\nConnection: close\r\n\r\n'),
    ).toContain('GET /x');
  });
});

describe('upstreams that fail', () => {
  test('each failure has its code', async () => {
    const gone = await gateway.send('/gone');
    expect([gone.status, codeOf(gone)]).toEqual([502, 'upstream_unreachable']);
    const dropped = await gateway.send('/open/dropped');
    expect([dropped.status, codeOf(dropped)]).toEqual([502, 'upstream_failed']);
    const slow = await gateway.send('/slow/never');
    expect([slow.status, codeOf(slow)]).toEqual([504, 'upstream_timeout']);
  });

  test('a target whose connection never opened is passed over', async () => {
    for (let round = 0; round < 4; round += 1)
      expect((await gateway.send('/half-gone', { method: 'POST', body: 'x' })).status).toBe(200);
  });

  test('an answer that breaks off breaks the client’s connection', async () => {
    await expect(gateway.send('/open/broken')).rejects.toThrow(/aborted|ECONNRESET/);
  });

  test('a forbidden address is refused, though the operator allows another range', async () => {
    const answer = await gateway.send('/metadata');
    expect([answer.status, codeOf(answer)]).toEqual([502, 'upstream_forbidden_address']);
  });

  test('a name that resolves to loopback is refused without UPSTREAM_ALLOW', async () => {
    expect((await gateway.send('/by-name')).status).toBe(200);
    const strict = await stack.readyGateway({
      UPSTREAM_ALLOW: '',
      GATEWAY_ID: 'gw-strict',
      DATA_DIR: `${stack.dataDir}-strict`,
    });
    for (const path of ['/by-name', '/open']) {
      const answer = await strict.send(path);
      expect([answer.status, codeOf(answer)]).toEqual([502, 'upstream_forbidden_address']);
    }
  });
});
