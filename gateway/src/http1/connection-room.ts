// What all connections of a thread share, clients' and upstreams'.
import { TimerWheel } from './timer-wheel.js';
import { Turns } from './turns.js';

export interface ConnectionRoom {
  readonly wheel: TimerWheel;
  readonly turns: Turns;
}

export function connectionRoom(): ConnectionRoom {
  return { wheel: new TimerWheel(), turns: new Turns() };
}
