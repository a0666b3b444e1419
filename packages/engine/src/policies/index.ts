// All policies. The order means nothing: see the stages in `decide.ts`.
import type { Policy } from '../policy.js';
import { apiKey } from './api-key/policy.js';

export const policies: readonly Policy[] = [apiKey];
