// Runs worlds by their seeds, several at a time: while one waits for the real Redis, another one goes on. They share
// nothing, so each is still a function of its seed.
import { simulate, type Outcome, type SimulateOptions } from './simulate.js';

const atOnce = 8;

/** Tells of each outcome, in any order; `until` ends it early. */
export const manySeeds = async (
  seeds: Iterable<number>,
  options: SimulateOptions,
  tell: (outcome: Outcome) => void,
  until: () => boolean = () => false,
): Promise<void> => {
  const iterator = Iterator.from(seeds);
  const one = async (): Promise<void> => {
    for (let next = iterator.next(); !until() && next.done !== true; next = iterator.next())
      tell(await simulate(next.value, options));
  };
  await Promise.all(Array.from({ length: atOnce }, one));
};

export function* seedsFrom(from: number, count: number): Generator<number> {
  for (let seed = from; seed < from + count; seed += 1) yield seed;
}
