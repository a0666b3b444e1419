// What tests of decisions need: nothing known, and a plain request.
import type { DecideRequest, Facts } from '../decision.js';

export const noFacts: Facts = {
  credential: () => undefined,
  subscription: () => undefined,
  weights: () => undefined,
  isHealthy: () => true,
  budget: () => 10,
  refusal: () => undefined,
  token: () => undefined,
  password: () => undefined,
  forwardAuth: () => undefined,
  signedArm: () => undefined,
};

export type TriedRequest = Partial<Omit<DecideRequest, 'header'>> & {
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
};

export function requestOf({ headers = {}, ...request }: TriedRequest): DecideRequest {
  return {
    id: 'req_0198c0de',
    host: 'api.acme.test',
    method: 'GET',
    path: '/orders',
    query: '',
    protocol: 'http',
    clientAddress: '192.0.2.1',
    header: (name) => headers[name],
    ...request,
  };
}
