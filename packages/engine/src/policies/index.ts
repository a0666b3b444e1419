// All policies. The order means nothing: see the stages in `decide.ts`.
import type { Policy } from '../policy.js';
import { acl } from './acl/policy.js';
import { anonymous } from './anonymous/policy.js';
import { apiKey } from './api-key/policy.js';
import { basic } from './basic/policy.js';
import { bodyLimit } from './body-limit/policy.js';
import { cors } from './cors/policy.js';
import { failedAuthentication } from './failed-authentication/policy.js';
import { fault } from './fault/policy.js';
import { forwardAuth } from './forward-auth/policy.js';
import { headers } from './headers/policy.js';
import { ip } from './ip/policy.js';
import { jwt } from './jwt/policy.js';
import { mirror } from './mirror/policy.js';
import { rateLimit } from './rate-limit/policy.js';
import { requestId } from './request-id/policy.js';
import { retries } from './retries/policy.js';
import { scopes } from './scopes/policy.js';
import { timeouts } from './timeouts/policy.js';

export const policies: readonly Policy[] = [
  acl,
  anonymous,
  apiKey,
  basic,
  bodyLimit,
  cors,
  failedAuthentication,
  fault,
  forwardAuth,
  headers,
  ip,
  jwt,
  mirror,
  rateLimit,
  requestId,
  retries,
  scopes,
  timeouts,
];
