// The gateways of a test file: each is stopped after the test that started it.
import { afterEach } from 'vitest';
import { tryGateway, type TriedGateway } from './try-limits.js';

export interface GatewaysForTests {
  readonly start: typeof tryGateway;
  /** From now on the test ends it. */
  release(gateway: TriedGateway): void;
}

export const gatewaysForTests = (): GatewaysForTests => {
  const running = new Set<TriedGateway>();
  afterEach(async () => {
    await Promise.all([...running].map(async (gateway) => gateway.stop()));
    running.clear();
  });
  return {
    async start(redisUrl, options) {
      const gateway = await tryGateway(redisUrl, options);
      running.add(gateway);
      return gateway;
    },
    release: (gateway) => void running.delete(gateway),
  };
};
