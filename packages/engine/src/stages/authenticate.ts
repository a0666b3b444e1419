// Who calls: an API key in the route's header. The key itself never leaves this stage; the record keeps its id.
import type { Stage } from '../progress.js';
import { end } from '../progress.js';

// Longer than any key that was ever issued or imported: not worth a hash.
const longestKey = 512;

export const authenticate: Stage = ({ route, request, facts, reasons, account, answerHeaders, hiddenHeaders }) => {
  const header = route?.keyHeader;
  if (header === undefined) {
    reasons.push({ code: 'key_not_required' });
    return undefined;
  }
  hiddenHeaders.push(header);
  const key = request.header(header);
  if (key === undefined || key === '') {
    reasons.push({ code: 'key_missing', header });
    answerHeaders.push(challenge(header));
    return end('credential_missing', `Send your API key in the header ${header}.`);
  }
  const credential = key.length > longestKey ? undefined : facts.credential(key);
  if (credential === undefined) {
    reasons.push({ code: 'key_unknown', header });
    answerHeaders.push(challenge(header));
    return end(
      'credential_invalid',
      `The API key in the header ${header} is not known here. Check that it was copied whole, and that it is a key for this environment.`,
    );
  }
  account.credentialId = credential.id;
  account.subscriptionId = credential.subscriptionId;
  if (credential.isRevoked) {
    reasons.push({ code: 'key_revoked', credential: credential.id });
    answerHeaders.push(challenge(header));
    return end('credential_revoked', 'This API key was revoked. Make a new one in the portal.');
  }
  reasons.push({ code: 'key_accepted', credential: credential.id });
  return undefined;
};

// RFC 9110, section 15.5.2: a 401 names the way to authenticate.
function challenge(header: string): [string, string] {
  return ['www-authenticate', `ApiKey header="${header}"`];
}
