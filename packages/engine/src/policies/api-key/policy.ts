// Who calls: an API key in a header. The key itself never leaves this file; the record keeps its id.
import { authenticationPolicy } from '../../policy.js';
import type { Proof } from '../../policy.js';
import type { Progress } from '../../progress.js';
import type { ApiKeySettings } from './schema.js';
import { apiKeySchema } from './schema.js';

// Longer than any key that was ever issued or imported: not worth a hash.
const longestKey = 512;

export const apiKey = authenticationPolicy<ApiKeySettings, ApiKeySettings>({
  name: 'api-key',
  summary: 'Asks for an API key, which names the subscription whose plan and limits apply.',
  schema: apiKeySchema,
  compile: (settings) => settings,
  authenticate: ({ header }, progress) => {
    progress.upstreamEdits.remove.push(header);
    return proofOf(header, progress);
  },
});

function proofOf(header: string, { request, facts, reasons, account }: Progress): Proof {
  // RFC 9110, section 15.5.2: a 401 names the way to authenticate.
  const challenge = `ApiKey header="${header}"`;
  const key = request.header(header);
  if (key === undefined || key === '') {
    reasons.push({ code: 'key_missing', header });
    return {
      kind: 'absent',
      code: 'credential_missing',
      detail: `Send your API key in the header ${header}.`,
      challenge,
    };
  }
  const credential = key.length > longestKey ? undefined : facts.credential(key);
  if (credential === undefined) {
    reasons.push({ code: 'key_unknown', header });
    return {
      kind: 'refused',
      code: 'credential_invalid',
      detail: `The API key in the header ${header} is not known here. Check that it was copied whole, and that it is a key for this environment.`,
      challenge,
    };
  }
  const { id, subscriptionId, isRevoked } = credential;
  if (isRevoked) {
    // Told apart in the record: whose key it was is known.
    account.credentialId = id;
    account.subscriptionId = subscriptionId;
    reasons.push({ code: 'key_revoked', credential: id });
    return {
      kind: 'refused',
      code: 'credential_revoked',
      detail: 'This API key was revoked. Make a new one in the portal.',
      challenge,
    };
  }
  reasons.push({ code: 'key_accepted', credential: id });
  return {
    kind: 'proven',
    identity: {
      by: 'api-key',
      subject: '',
      issuer: '',
      credentialId: id,
      subscriptionId,
      scopes: [],
      groups: [],
      claims: {},
    },
  };
}
