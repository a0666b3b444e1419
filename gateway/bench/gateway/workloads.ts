// What is asked of every contestant, in which sizes.
import type { RunningProcess } from '@sluice/local-stack';

export interface Contestant {
  readonly name: string;
  readonly port: number;
  readonly process: RunningProcess;
}

export interface Workload {
  readonly name: string;
  /** What its path ends with: the upstream answers by it. */
  readonly ending: string;
  readonly method: 'GET' | 'POST';
  readonly bodyBytes: number;
  readonly answerBytes: number;
}

// A typical answer of a typical API: one object.
export const smallBody = JSON.stringify({
  id: 'ord_01J9ZK3QWX',
  state: 'shipped',
  total: { amount: 4200, currency: 'EUR' },
  placedAt: '2026-11-23T12:00:00Z',
});

export const workloads = {
  small: { name: 'small JSON', ending: 'small', method: 'GET', bodyBytes: 0, answerBytes: smallBody.length },
  '64k': { name: '64 KB answer', ending: '64k', method: 'GET', bodyBytes: 0, answerBytes: 64 * 1024 },
  '1m': { name: '1 MB answer', ending: '1m', method: 'GET', bodyBytes: 0, answerBytes: 1024 * 1024 },
  post: { name: 'POST of 4 KB', ending: 'small', method: 'POST', bodyBytes: 4096, answerBytes: smallBody.length },
} as const satisfies Record<string, Workload>;

/** A configuration's size. Credential n belongs to consumer n modulo `consumers`. */
export interface Size {
  readonly routes: number;
  readonly consumers: number;
  readonly credentials: number;
}

export const sizes = {
  one: { routes: 1, consumers: 1, credentials: 1 },
  hundred: { routes: 100, consumers: 100, credentials: 100 },
  large: { routes: 10_000, consumers: 100, credentials: 100_000 },
} as const satisfies Record<string, Size>;

export const keyOf = (credential: number): string => `bench_${String(credential).padStart(8, '0')}_0123456789abcdef`;

export const floodingHost = 'flood.test';
