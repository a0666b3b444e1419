// The pure decisions: no I/O, no clock, no chance. One brain for live requests, explanations, rehearsals and imports.
export { clientOf, parseAddress } from './address.js';
export { assumedHosts, namedHosts } from './matching/named-hosts.js';
export { compile, validateDocument } from './compile.js';
export type { CompileResult, EnvironmentInput } from './compile.js';
export type { AuthenticationRule, Compiled, CompiledArm, CompiledPlan, CompiledRoute, Sticky } from './compiled.js';
export { decide } from './decide.js';
export type {
  Account,
  Answer,
  CredentialFact,
  DecideRequest,
  Decision,
  Facts,
  Forward,
  HeaderEdits,
  Headers,
  Identity,
  LimitRefusal,
  Need,
  RetryRule,
  SubscriptionFact,
  Transport,
  WeightsFact,
} from './decision.js';
export { explain } from './explain/explain.js';
export type { Audience, Explanation } from './explain/explain.js';
export { recordedSentenceOf } from './explain/recorded.js';
export { assumedToken, withAssumed } from './explain/with-assumed.js';
export type { Assumed } from './explain/with-assumed.js';
export { findingCodes } from './findings.js';
export type { FindingCode } from './findings.js';
export { murmur3 } from './hash.js';
export { findByHost } from './matching/hosts.js';
export { leftOfLimit, markerFields } from './limit-store/left.js';
export type { LimitLeft, StoredFields } from './limit-store/left.js';
export {
  clusterPartitions,
  countKey,
  idOfLimitKey,
  limitKeyPattern,
  partitionOf,
  placeOfLimit,
  scopeOf,
} from './limit-store/place.js';
export type { LimitPlace } from './limit-store/place.js';
export { periodAt, slidingLifeMs } from './limit-store/periods.js';
export type { Period } from './limit-store/periods.js';
export { limitPeriodMs } from './limits.js';
export type { Charge, CompiledLimit, LimitRef } from './limits.js';
export { canonicalPath, pathFaults } from './path.js';
export type { PathFault, PathResult } from './path.js';
export { bodyTooLarge } from './policies/body-limit/policy.js';
export { policies } from './policies/index.js';
export { policySettings } from './policy-settings.js';
export type { AuthenticationPolicy, Policy, RulePolicy } from './policy.js';
export { signingAlgorithms } from './questions.js';
export type {
  ForwardAuthCall,
  ForwardAuthFact,
  KeySource,
  PasswordFact,
  SigningAlgorithm,
  StaticKey,
  TokenFact,
  TokenQuestion,
} from './questions.js';
export { platformLimitNames, platformLimits } from './platform-limits.js';
export { rateLimitHeaders, tightest } from './rate-limit-headers.js';
export type { LimitStatus } from './rate-limit-headers.js';
export { readCookies } from './request-parts.js';
export { secretsIn, type SecretUse } from './secrets/secrets-in.js';
export type { Secrets } from './secrets/with-secrets.js';
export { sentenceOf } from './explain/sentences.js';
export type { ArmReasonCode, Reason, ReasonCode } from './reasons.js';
export { subjectKey } from './subject-key.js';
export { validateApi, validateRoute } from './validate-parts.js';
