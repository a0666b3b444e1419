// Who calls: an API key. The key itself never leaves this file; the record keeps its id.
import type { Place } from '../../credential-places.js';
import { concealCredential, findCredential, keepCredential, placeInWords, placesOf } from '../../credential-places.js';
import { endOf } from '../../credential-end.js';
import { authenticationPolicy } from '../../policy.js';
import type { Proof, Unproven } from '../../policy.js';
import type { Progress } from '../../progress.js';
import type { ApiKeySettings } from './schema.js';
import { apiKeySchema } from './schema.js';

interface CompiledApiKey {
  readonly places: readonly Place[];
  readonly isHidden: boolean;
  readonly challenges: readonly string[];
}

// What keys are made of, ours and imported ones: visible ASCII. Nothing longer was ever issued, and none is worth a hash.
// Other texts that credentials are found by (`subjectKey`) hold a line break, so that no client can send one.
const keyPattern = /^[\x21-\x7e]{1,512}$/;
const schemes = ['bearer', 'apikey'];

export const apiKey = authenticationPolicy<ApiKeySettings, CompiledApiKey>({
  name: 'api-key',
  summary: 'Asks for an API key, which names the subscription whose plan and limits apply.',
  schema: apiKeySchema,
  effort: 'lookup',
  compile: ({ hide, ...settings }, { report }) => {
    const places = placesOf(settings, 'x-api-key', report);
    return { places, isHidden: hide, challenges: places.map(({ kind, name }) => `ApiKey ${kind}="${name}"`) };
  },
  conceal: ({ places, isHidden }, progress) => {
    if (isHidden) concealCredential(places, schemes, progress);
  },
  authenticate: (compiled, progress) => {
    const { places } = compiled;
    const found = findCredential(places, schemes, progress);
    switch (found.state) {
      case 'absent':
        progress.reasons.push({ code: 'key_missing', header: places.map(({ name }) => name).join(', ') });
        return unproven(
          compiled,
          'absent',
          'credential_missing',
          `Send your API key in ${places.map(placeInWords).join(' or ')}.`,
        );
      case 'repeated':
        progress.reasons.push({ code: 'credential_repeated', by: 'api-key' });
        return unproven(
          compiled,
          'refused',
          'credential_repeated',
          'The request carries more than one API key. Send it once, in one place.',
        );
      default:
        if (!compiled.isHidden) keepCredential(found.place, progress);
        return proofOf(compiled, found.value, found.place, progress);
    }
  },
});

function proofOf(compiled: CompiledApiKey, key: string, place: Place, progress: Progress): Proof {
  const { facts, reasons } = progress;
  const credential = keyPattern.test(key) ? facts.credential(key) : undefined;
  if (credential === undefined) {
    reasons.push({ code: 'key_unknown', header: place.name });
    return unproven(
      compiled,
      'refused',
      'credential_invalid',
      `The API key in ${placeInWords(place)} is not known here. Check that it was copied whole, and that it is a key for this environment.`,
    );
  }
  const ended = endOf(credential, progress);
  if (ended !== undefined) return unproven(compiled, 'refused', ended, endInWords[ended]);
  const { id, subscriptionId, scopes } = credential;
  reasons.push({ code: 'key_accepted', credential: id });
  return {
    kind: 'proven',
    identity: {
      by: 'api-key',
      subject: '',
      issuer: '',
      credentialId: id,
      subscriptionId,
      scopes: scopes ?? none,
      groups: [],
      claims: {},
    },
  };
}

const none: readonly string[] = [];

const endInWords = {
  credential_revoked: 'This API key was revoked. Make a new one in the portal.',
  credential_expired: 'This API key has expired. Make a new one in the portal.',
} as const;

// RFC 9110, section 15.5.2: a 401 names the way to authenticate.
function unproven(
  { challenges }: CompiledApiKey,
  kind: 'absent' | 'refused',
  code: Unproven['code'],
  detail: string,
): Unproven {
  return { kind, code, detail, challenges };
}
