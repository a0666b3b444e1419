// What a request holds, when it was taken in two steps.
import type { Hold } from '../limits/index.js';

export function joinHolds(first: Hold | undefined, second: Hold | undefined): Hold | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return {
    settle: (cost) => {
      first.settle(cost);
      second.settle(cost);
    },
    release: () => {
      first.release();
      second.release();
    },
    get onLost() {
      return first.onLost;
    },
    set onLost(listener) {
      first.onLost = listener;
      second.onLost = listener;
    },
  };
}
