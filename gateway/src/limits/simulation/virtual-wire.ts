// The network between one gateway and Redis: it delays, loses questions and answers, executes what was sent once more
// later, breaks connections and goes silent. What arrives runs the real script in the simulated Redis.
import type { LeaseTransport } from '../lease-transport.js';
import type { VirtualProcess } from './virtual-process.js';
import type { VirtualRedis } from './virtual-redis.js';

/** Shares are of calls, between 0 and 1. */
export interface Weather {
  loseQuestion: number;
  loseAnswer: number;
  delay: number;
  longestDelayMs: number;
  repeat: number;
  /** Connections are refused. */
  isCut: boolean;
  /** Nothing comes back, and nobody says so. */
  isSilent: boolean;
}

/** No trouble; calls may arrive once more all the same. */
export const calm = (repeat = 0): Weather => ({
  loseQuestion: 0,
  loseAnswer: 0,
  delay: 0,
  longestDelayMs: 0,
  repeat,
  isCut: false,
  isSilent: false,
});

const fastestMs = 0.1;
const spreadMs = 0.4;
const timeoutMs = 250;
const reconnectMs = 50;

export interface VirtualWireOptions {
  readonly process: VirtualProcess;
  readonly redis: VirtualRedis;
  readonly weather: Weather;
  readonly random: () => number;
  readonly partitions: number;
}

export const virtualWire = ({ process, redis, weather, random, partitions }: VirtualWireOptions): LeaseTransport => {
  const { scheduler, clock } = process;
  let isClosed = false;
  let brokenUntilMs = 0;
  const isOpen = (): boolean => !isClosed && !weather.isCut && redis.isUp && scheduler.nowMs >= brokenUntilMs;
  const travelMs = (): number =>
    fastestMs + random() * spreadMs + (random() < weather.delay ? random() * weather.longestDelayMs : 0);
  const isLost = (share: number): boolean => random() < share;
  const breakOff = (): void => {
    brokenUntilMs = scheduler.nowMs + reconnectMs;
  };

  return {
    partitions,
    call(_partition, keys, args) {
      if (!isOpen()) return Promise.reject(new Error('not connected'));
      return new Promise((resolve, reject) => {
        const timer = clock.setTimeout(() => reject(new Error('no answer in time')), timeoutMs);
        const end = (): void => process.arrive(() => reject(new Error('the connection broke')));
        const question = [[...keys], [...args]] as const;
        if (isLost(weather.repeat))
          scheduler.after(
            fastestMs + random() * Math.max(300, weather.longestDelayMs),
            () => void (redis.isUp && redis.evaluate(...question)),
          );
        if (weather.isSilent) return;
        if (isLost(weather.loseQuestion)) {
          breakOff();
          scheduler.after(travelMs(), end);
          return;
        }
        const happen = async (): Promise<void> => {
          if (!redis.isUp) return end();
          const reply = await redis.evaluate(...question);
          if (weather.isSilent) return;
          if (weather.isCut || isLost(weather.loseAnswer)) {
            breakOff();
            scheduler.after(travelMs(), end);
            return;
          }
          scheduler.after(travelMs(), () =>
            process.arrive(() => {
              timer.clear();
              resolve(reply);
            }),
          );
        };
        scheduler.after(travelMs(), () => void happen());
      });
    },
    isReachable: () => isOpen(),
    ready: (withinMs) =>
      new Promise((resolve) => {
        if (isOpen()) {
          resolve();
          return;
        }
        const untilMs = clock.nowMs() + withinMs;
        const look = clock.setInterval(() => {
          if (!isOpen() && clock.nowMs() < untilMs) return;
          look.clear();
          resolve();
        }, 10);
      }),
    close() {
      isClosed = true;
    },
  };
};
