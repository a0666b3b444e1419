// Whether the groups of the caller may call this.
import { rulePolicy } from '../../policy.js';
import { refuse } from '../../progress.js';
import type { AclSettings } from './schema.js';
import { aclSchema } from './schema.js';

export const acl = rulePolicy<AclSettings, AclSettings>({
  name: 'acl',
  summary: 'Lets callers of certain groups in, or keeps them out.',
  schema: aclSchema,
  stage: 'authorize',
  needsIdentity: true,
  compile: (settings, { report }) => {
    settings.allow?.forEach((group, index) => {
      if (settings.deny?.includes(group) === true)
        report(['allow', index], `the group ${group} is denied as well`, 'take it out of one of the lists');
    });
    return settings;
  },
  decide: ({ allow, deny }, { identity, reasons }) => {
    const groups = identity?.groups ?? [];
    const denied = deny?.find((group) => groups.includes(group));
    if (denied !== undefined) {
      reasons.push({ code: 'group_denied', group: denied });
      return refuse('group_denied', 'A group that the caller is in may not call this.');
    }
    if (allow === undefined) {
      reasons.push({ code: 'groups_passed' });
      return undefined;
    }
    const allowed = allow.find((group) => groups.includes(group));
    if (allowed === undefined) {
      reasons.push({ code: 'group_missing', groups: allow });
      return refuse('group_denied', 'The caller is in no group that may call this.');
    }
    reasons.push({ code: 'group_allowed', group: allowed });
    return undefined;
  },
});
