// What a target may say, when, and what becomes of its connection.
import { waitFor } from '@sluice/local-stack';
import { describe, expect, test } from 'vitest';
import { RawTarget, Sender, turns, wholeBody } from '../try-target.js';
import { BodyOnce } from '../request-body.js';
import { BodyQueue } from '../body-queue.js';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('answers without a body', () => {
  test.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
    ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
  ])('to %s leave the connection usable: %j', async (method, answer) => {
    const target = await RawTarget.answering(answer);
    const sender = new Sender([target.url]);
    expect((await sender.send({ method }).over()).text).toBe('');
    await turns();
    expect((await sender.send({ method }).over()).end).toBe('whole');
    expect(target.peers.length).toBe(1);
  });

  test.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbytes'],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\nbytes'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nbytes'],
    ['GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n'],
  ])('that bring or announce one all the same end the connection of a %s: %j', async (method, answer) => {
    const target = await RawTarget.answering(answer);
    const sender = new Sender([target.url]);
    const first = await sender.send({ method }).over();
    await turns();
    const second = await sender.send({ method }).over();
    expect([first.text, first.end, second.text, second.end]).toEqual(['', 'whole', '', 'whole']);
    expect(target.peers.length).toBe(2);
  });
});

describe('interim answers', () => {
  test('are passed over', async () => {
    const target = await RawTarget.answering(
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}`,
    );
    expect(await new Sender([target.url]).send().summary()).toBe('200 ok whole');
  });

  test('without end are an odd answer', async () => {
    const target = await RawTarget.answering('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(20));
    expect(await new Sender([target.url]).send().summary()).toBe('0  upstream_failed');
  });

  test('that switch protocols unasked are an odd answer', async () => {
    const target = await RawTarget.answering('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n');
    expect(await new Sender([target.url]).send().summary()).toBe('0  upstream_failed');
  });
});

describe('a target that answers early', () => {
  const early = 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno!';

  test('is heard, its connection ends, and the body is not asked for any more', async () => {
    const target = await RawTarget.start((peer) => {
      peer.socket.once('data', () => peer.say(early));
    });
    const body = new BodyQueue(1000, () => undefined);
    const heard = new Sender([target.url]).send({ method: 'POST', body: new BodyOnce(body) });
    expect(await heard.summary()).toBe('413 no! whole');
    const peer = await target.peer(0);
    await peer.left();
    expect(body.push(Buffer.from('late'), true)).toBe(false);
    expect(peer.received).toMatch(/^POST \/ HTTP\/1\.1\r\n(.+\r\n)+\r\n$/);
  });

  test('may go on answering while the body still comes', async () => {
    const target = await RawTarget.start((peer) => {
      peer.say('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      peer.socket.on('data', () => {
        if (peer.received.endsWith('0\r\n\r\n')) peer.say('5\r\nlast!\r\n0\r\n\r\n');
        else if (peer.received.includes('first')) peer.say('2\r\nhm\r\n');
      });
    });
    const body = new BodyQueue(undefined, () => undefined);
    const heard = new Sender([target.url]).send({ method: 'POST', body: new BodyOnce(body) });
    await waitFor(() => heard.status === 200, { what: 'the head has come' });
    body.push(Buffer.from('first'), true);
    await waitFor(() => heard.text === 'hm', { what: 'something was said to what was sent' });
    body.end();
    expect(await heard.summary()).toBe('200 hmlast! whole');
  });
});

describe('a target that is slow', () => {
  test('to begin is given up in time', async () => {
    const target = await RawTarget.start();
    const heard = new Sender([target.url], { timeoutMs: 200 }).send();
    expect(await heard.summary()).toBe('0  upstream_timeout');
    const peer = await target.peer(0);
    await peer.left();
  });

  test('in the midst of its head is given up in time', async () => {
    const target = await RawTarget.answering('HTTP/1.1 200 OK\r\nX-Slow: ');
    expect(await new Sender([target.url], { timeoutMs: 200 }).send().summary()).toBe('0  upstream_timeout');
  });

  test('in the midst of its body is given up in time', async () => {
    const target = await RawTarget.answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
    const timeouts = { connectMs: 1000, idleMs: 200, keepAliveMs: 1000 };
    expect(await new Sender([target.url], { timeouts }).send().summary()).toBe('200 half upstream_timeout');
  });

  test('but says a byte at a time is heard, byte by byte', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\nslow\r\n0\r\nX-Trailer: 1\r\n\r\n';
    const target = await RawTarget.start((peer) => {
      let at = 0;
      const next = (): void => {
        if (at === answer.length) return;
        peer.say(answer.charAt(at));
        at += 1;
        setImmediate(next);
      };
      peer.socket.once('data', next);
    });
    const sender = new Sender([target.url]);
    expect(await sender.send().summary()).toBe('200 slow whole');
  });

  test('to take a body is given up in time', async () => {
    const target = await RawTarget.start((peer) => void peer.socket.pause());
    const length = 64 * 1024 * 1024;
    const chunk = Buffer.alloc(65_536, 'x');
    const body: BodyQueue = new BodyQueue(length, () => {
      while (body.push(chunk, true));
    });
    const heard = new Sender([target.url], { timeoutMs: 300 }).send({ method: 'POST', body: new BodyOnce(body) });
    expect(await heard.summary()).toBe('0  upstream_timeout');
  });

  test('may take as long as the client does', async () => {
    const target = await RawTarget.start((peer) => {
      peer.socket.on('data', () => {
        if (peer.received.endsWith('end')) peer.say(ok);
      });
    });
    const body = new BodyQueue(3, () => undefined);
    const heard = new Sender([target.url], { timeoutMs: 100 }).send({ method: 'POST', body: new BodyOnce(body) });
    await (await target.peer(0)).requests(1);
    // The target has nothing to answer yet; three times its timeout pass.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard.end).toBe('none');
    body.push(Buffer.from('end'), true);
    expect(await heard.summary()).toBe('200 ok whole');
  });
});

describe('a target that never answers', () => {
  test('because nobody listens is unreachable', async () => {
    const target = await RawTarget.start();
    await target.stop();
    expect(await new Sender([target.url]).send().summary()).toBe('0  upstream_unreachable');
  });

  test('because it never accepts is unreachable, in the time for connecting', async () => {
    const timeouts = { connectMs: 100, idleMs: 1000, keepAliveMs: 1000 };
    const target = await RawTarget.start((peer) => void peer.socket.pause());
    // TLS is never begun on the other side.
    const sender = new Sender([target.url.replace('http:', 'https:')], { timeouts });
    expect(await sender.send().summary()).toBe('0  upstream_unreachable');
  });
});

describe('a target that answers with garbage', () => {
  test.each([
    ['no status line', 'garbage\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\nok'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!'],
    ['a listed length', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok'],
    ['a signed length', 'HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok'],
    [
      'length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    ['another coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
    ['a head without end', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(100_000)}`],
    ['too many headers', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(300)}\r\n`],
    ['a NUL', 'HTTP/1.1 200 OK\r\nX-A: \0\r\n\r\n'],
    ['a status of six hundred', 'HTTP/1.1 600 Odd\r\nContent-Length: 2\r\n\r\nok'],
  ])('%s: nothing of it goes on', async (_name, answer) => {
    const target = await RawTarget.answering(answer);
    expect(await new Sender([target.url]).send().summary()).toBe('0  upstream_failed');
  });

  test.each([
    ['a size that is none', '200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nxx\r\n'],
    ['a chunk longer than its size', '200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n'],
    ['a size with a sign', '200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n-1\r\n'],
    ['an endless size', '200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nfffffffffffffffffff\r\n'],
  ])('in its chunks: %s breaks the answer', async (_name, answer) => {
    const target = await RawTarget.answering(`HTTP/1.1 ${answer}`);
    expect(await new Sender([target.url]).send().summary()).toBe('200 ok upstream_failed');
  });

  test('before it was asked anything: what is said on a new connection is no answer that can be trusted twice', async () => {
    const target = await RawTarget.start((peer) => {
      peer.say(ok);
      peer.socket.once('data', () => peer.say(ok));
    });
    const sender = new Sender([target.url]);
    await sender.send().over();
    await turns();
    expect(await sender.send().summary()).toBe('200 ok whole');
    expect(target.peers.length).toBe(2);
  });
});

describe('a target that closes', () => {
  const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n';

  test('anywhere in its answer leaves an answer that is not whole, or none', async () => {
    for (let at = 0; at < answer.length; at += 1) {
      const target = await RawTarget.start((peer) => {
        peer.socket.once('data', () => peer.socket.end(answer.slice(0, at), 'latin1'));
      });
      const heard = await new Sender([target.url]).send().over();
      expect([at, heard.end]).toEqual([at, 'upstream_failed']);
      expect('abcdef'.startsWith(heard.text)).toBe(true);
    }
  });

  test('with a reset anywhere in its answer does so, too', async () => {
    for (let at = 0; at < answer.length; at += 7) {
      const target = await RawTarget.start((peer) => {
        peer.socket.once('data', () => {
          peer.socket.write(answer.slice(0, at), 'latin1', () => peer.socket.resetAndDestroy());
        });
      });
      expect((await new Sender([target.url]).send().over()).end).toBe('upstream_failed');
    }
  });

  test('before a length is reached breaks the answer; without a length it ends it', async () => {
    const short = await RawTarget.start((peer) => {
      peer.socket.once('data', () => peer.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
    });
    expect(await new Sender([short.url]).send().summary()).toBe('200 half upstream_failed');
    const open = await RawTarget.start((peer) => {
      peer.socket.once('data', () => peer.socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'));
    });
    expect(await new Sender([open.url]).send().summary()).toBe('200 all of it whole');
  });

  test('between two requests costs nobody anything', async () => {
    const target = await RawTarget.start((peer) => {
      peer.socket.on('data', () => peer.say(ok));
    });
    const sender = new Sender([target.url]);
    for (let count = 0; count < 3; count += 1) {
      expect(await sender.send().summary()).toBe('200 ok whole');
      const peer = await target.peer(count);
      peer.socket.destroy();
      await peer.left();
      await turns();
    }
  });

  test('a reused connection under a request: sent again only where the route says that it may be', async () => {
    const start = async (): Promise<RawTarget> =>
      RawTarget.start((peer, index) => {
        let asked = 0;
        peer.socket.on('data', () => {
          asked += 1;
          if (asked === 1 || index > 0) peer.say(ok);
          else peer.socket.destroy();
        });
      });
    const once = await start();
    const plain = new Sender([once.url]);
    await plain.send().over();
    await turns();
    expect(await plain.send().summary()).toBe('0  upstream_failed');
    const twice = await start();
    const repeating = new Sender([twice.url]);
    const retries = { attempts: 1, statuses: [], methods: ['GET'], maxBufferBytes: 0, backoffMs: 1 };
    const transport = { timeoutMs: undefined, perTryTimeoutMs: undefined, totalTimeoutMs: undefined, retries };
    await repeating.send({ transport }).over();
    await turns();
    expect(await repeating.send({ transport }).summary()).toBe('200 ok whole');
  });
});

test('a body that has come goes out with its head in one write', async () => {
  const target = await RawTarget.start((peer) => {
    peer.socket.on('data', () => peer.say(ok));
  });
  const sender = new Sender([target.url]);
  const reads: string[] = [];
  await sender.send().over();
  (await target.peer(0)).socket.on('data', (bytes: Buffer) => void reads.push(bytes.toString('latin1')));
  for (const framing of ['length', 'chunks'] as const) {
    await turns();
    await sender.send({ method: 'POST', body: wholeBody('body', framing) }).over();
  }
  expect(reads).toEqual([
    expect.stringMatching(/\r\n\r\nbody$/),
    expect.stringMatching(/\r\n\r\n4\r\nbody\r\n0\r\n\r\n$/),
  ]);
});
