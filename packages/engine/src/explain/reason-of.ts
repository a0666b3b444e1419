// One reason of the union, by its code: some members of it carry several codes.
import type { Reason, ReasonCode } from '../reasons.js';

export type ReasonOf<Code extends ReasonCode, Member = Reason> = Member extends { readonly code: ReasonCode }
  ? Code extends Member['code']
    ? Member & { readonly code: Code }
    : never
  : never;
