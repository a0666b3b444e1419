// Whose a connection is, when it is used again, and that no answer goes to a request that it was not for.
import { describe, expect, test } from 'vitest';
import { RawTarget, Sender, turns, wholeBody } from '../try-target.js';
import type { Peer } from '../try-target.js';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('a connection', () => {
  test('serves one request after the other', async () => {
    const target = await RawTarget.answering(ok);
    const sender = new Sender([target.url]);
    for (let count = 0; count < 3; count += 1) {
      expect(await sender.send().summary()).toBe('200 ok whole');
      await turns();
    }
    expect(target.peers.length).toBe(1);
  });

  test('is not used again before a turn of the event loop has passed', async () => {
    const target = await RawTarget.answering(ok);
    const sender = new Sender([target.url]);
    const first = sender.send();
    const second = await new Promise<ReturnType<typeof sender.send>>((resolve) => {
      first.onData = () => {
        process.nextTick(() => resolve(sender.send()));
        return true;
      };
    });
    expect([await first.summary(), await second.summary(), target.peers.length]).toEqual([
      '200 ok whole',
      '200 ok whole',
      2,
    ]);
  });

  test('that the target says it closes is not used again', async () => {
    const target = await RawTarget.answering('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok');
    const sender = new Sender([target.url]);
    for (let count = 0; count < 2; count += 1) {
      expect(await sender.send().summary()).toBe('200 ok whole');
      await turns();
    }
    expect(target.peers.length).toBe(2);
  });

  test('of HTTP/1.0 is used again only when the target says so', async () => {
    const target = await RawTarget.start((peer, index) => {
      const keep = index === 1 ? 'Connection: keep-alive\r\n' : '';
      peer.socket.on('data', () => peer.say(`HTTP/1.0 200 OK\r\n${keep}Content-Length: 2\r\n\r\nok`));
    });
    const sender = new Sender([target.url]);
    for (let count = 0; count < 3; count += 1) {
      expect(await sender.send().summary()).toBe('200 ok whole');
      await turns();
    }
    expect(target.peers.length).toBe(2);
  });

  test('that nobody uses is closed before the target closes it, as it says', async () => {
    const target = await RawTarget.answering('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok');
    const sender = new Sender([target.url]);
    await sender.send().over();
    const peer = await target.peer(0);
    await expect(peer.left()).resolves.toBeUndefined();
  });

  test('is never shared by two tenants', async () => {
    const target = await RawTarget.answering(ok);
    const sender = new Sender([target.url]);
    await sender.send().over();
    await turns();
    const spec = { ...sender.spec };
    await sender.send({ tenantId: 'ten_2', environmentId: 'env_2', spec }).over();
    expect(target.peers.length).toBe(2);
  });

  test('serves one credential alone where the upstream says so', async () => {
    const target = await RawTarget.answering(ok);
    const sender = new Sender([target.url], { reuse: 'credential' });
    for (const credential of ['key_1', 'key_2', 'key_1', 'key_2']) {
      await sender.send({ credential }).over();
      await turns();
    }
    expect(target.peers.map(({ received }) => received.match(/GET/g)?.length)).toEqual([2, 2]);
  });
});

describe('response-queue poisoning', () => {
  const poison = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison';

  /** The second request on a connection is answered rightly, 30 ms later than the poison at the latest. */
  const poisonedBy = async (delayMs: number | undefined): Promise<{ sender: Sender; target: RawTarget }> => {
    const target = await RawTarget.start((peer, index) => {
      peer.socket.on('data', () => {
        if (index > 0) peer.say(ok);
        else if (delayMs === undefined) peer.say(ok + poison);
        else {
          peer.say(ok);
          if (delayMs === 0) setImmediate(() => peer.say(poison));
          else setTimeout(() => peer.say(poison), delayMs);
        }
      });
    });
    // Long enough that age closes nothing here.
    const timeouts = { connectMs: 5000, idleMs: 60_000, keepAliveMs: 60_000 };
    return { target, sender: new Sender([target.url], { timeouts }) };
  };

  test('a second answer in the same bytes is nobody’s, and its connection is closed', async () => {
    const { sender, target } = await poisonedBy(undefined);
    expect(await sender.send().summary()).toBe('200 ok whole');
    expect(await sender.send().summary()).toBe('200 ok whole');
    expect(target.peers.length).toBe(2);
  });

  test.each([0, 1, 10])(
    'a second answer %i ms later is nobody’s, when nothing was asked meanwhile',
    async (delayMs) => {
      const { sender, target } = await poisonedBy(delayMs);
      expect(await sender.send().summary()).toBe('200 ok whole');
      const peer = await target.peer(0);
      await peer.left();
      expect(await sender.send().summary()).toBe('200 ok whole');
      expect(target.peers.length).toBe(2);
    },
  );

  test('a second answer right behind the first is nobody’s, even for a request that came at the same time', async () => {
    for (let round = 0; round < 50; round += 1) {
      const target = await RawTarget.start((peer, index) => {
        peer.socket.on('data', () => {
          peer.say(ok);
          // A segment of its own.
          if (index === 0) setImmediate(() => peer.say(poison));
        });
      });
      const sender = new Sender([target.url]);
      const first = sender.send();
      const second = await new Promise<ReturnType<typeof sender.send>>((resolve) => {
        first.onData = () => {
          setImmediate(() => resolve(sender.send()));
          return true;
        };
      });
      expect(await second.summary()).toBe('200 ok whole');
    }
  });

  describe('before a request has gone out', () => {
    /** A request on a connection to which the target has done something in the same turn. */
    const sendAfter = async (
      act: (peer: Peer) => void,
      request: Parameters<Sender['send']>[0] = {},
    ): Promise<{ summary: string; requests: (number | undefined)[] }> => {
      const target = await RawTarget.answering(ok);
      const sender = new Sender([target.url]);
      expect(await sender.send().summary()).toBe('200 ok whole');
      await turns();
      const peer = await target.peer(0);
      // Between the timers of a turn and its end, sockets are read.
      const heard = await new Promise<ReturnType<typeof sender.send>>((resolve) =>
        setTimeout(() => {
          act(peer);
          resolve(sender.send(request));
        }, 0),
      );
      return {
        summary: await heard.summary(),
        requests: target.peers.map(({ received }) => received.match(/(?:GET|POST)/g)?.length),
      };
    };

    test('an answer is none to it, and it goes out on another connection', async () => {
      expect(await sendAfter((peer) => peer.say(poison))).toEqual({ summary: '200 ok whole', requests: [1, 1] });
    });

    test('an end of the connection is none of its own: it goes out on another one', async () => {
      expect(await sendAfter((peer) => peer.socket.end())).toEqual({ summary: '200 ok whole', requests: [1, 1] });
    });

    test('an answer is none to one with a body either, which fails', async () => {
      const request = { method: 'POST', body: wholeBody('a body') };
      expect(await sendAfter((peer) => peer.say(poison), request)).toEqual({
        summary: '0  upstream_failed',
        requests: [1],
      });
    });

    test('a target that always speaks first is asked twice, and no more', async () => {
      const target = await RawTarget.start((peer) => peer.say('SSH-2.0-OpenSSH\r\n'));
      expect((await new Sender([target.url]).send().over()).end).toBe('upstream_failed');
      expect(target.peers.length).toBeLessThanOrEqual(2);
    });
  });
});
