// The pure decisions: no I/O, no clock, no chance. One brain for live requests, explanations, rehearsals and imports.
export { compile, validateDocument } from './compile.js';
export type { CompileResult, EnvironmentInput } from './compile.js';
export type { Compiled, CompiledArm, CompiledLimit, CompiledPlan, CompiledRoute, HostTable } from './compiled.js';
export { decide } from './decide.js';
export type {
  Account,
  Answer,
  CredentialFact,
  DecideRequest,
  Decision,
  Facts,
  Forward,
  Headers,
  LimitRef,
  LimitRefusal,
  Need,
  SubscriptionFact,
  WeightsFact,
} from './decision.js';
export { findingCodes } from './findings.js';
export type { FindingCode } from './findings.js';
export { murmur3 } from './hash.js';
export { canonicalPath, pathFaults } from './path.js';
export type { PathFault, PathResult } from './path.js';
export { rateLimitHeaders, tightest } from './rate-limit-headers.js';
export type { LimitStatus } from './rate-limit-headers.js';
export { sentenceOf } from './reasons.js';
export type { ArmReasonCode, Reason, ReasonCode } from './reasons.js';
