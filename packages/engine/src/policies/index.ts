// All policies. The order means nothing: see the stages in `decide.ts`.
import type { Policy } from '../policy.js';
import { apiKey } from './api-key/policy.js';
import { bodyLimit } from './body-limit/policy.js';
import { cors } from './cors/policy.js';
import { fault } from './fault/policy.js';
import { headers } from './headers/policy.js';
import { jwt } from './jwt/policy.js';
import { mirror } from './mirror/policy.js';
import { requestId } from './request-id/policy.js';
import { retries } from './retries/policy.js';
import { timeouts } from './timeouts/policy.js';

export const policies: readonly Policy[] = [
  apiKey,
  bodyLimit,
  cors,
  fault,
  headers,
  jwt,
  mirror,
  requestId,
  retries,
  timeouts,
];
