// The public API of the control plane, typed: every operation of its OpenAPI document, nothing else. It depends on `fetch`
// alone, so that a browser may load it too.
export { createApiClient } from './client.js';
export type { ApiClient, ApiClientOptions, CallOptions, CallRequest, OperationName, RawBody } from './client.js';
export { everyItem } from './every-item.js';
export type { Failure, Outcome, Problem, ProblemError } from './outcome.js';
export type { Schemas } from './operations.generated.js';
