// All policies. The order means nothing: see the stages in `decide.ts`.
import type { Policy } from '../policy.js';
import { anonymous } from './anonymous/policy.js';
import { apiKey } from './api-key/policy.js';
import { basic } from './basic/policy.js';
import { bodyLimit } from './body-limit/policy.js';
import { cors } from './cors/policy.js';
import { fault } from './fault/policy.js';
import { forwardAuth } from './forward-auth/policy.js';
import { headers } from './headers/policy.js';
import { jwt } from './jwt/policy.js';
import { mirror } from './mirror/policy.js';
import { requestId } from './request-id/policy.js';
import { retries } from './retries/policy.js';
import { timeouts } from './timeouts/policy.js';

export const policies: readonly Policy[] = [
  anonymous,
  apiKey,
  basic,
  bodyLimit,
  cors,
  fault,
  forwardAuth,
  headers,
  jwt,
  mirror,
  requestId,
  retries,
  timeouts,
];
