// Checks that find out nothing: every way to authenticate but the API key is refused as unavailable.
import type { IdentityChecks } from './identity-checks.js';

export const noChecks: IdentityChecks = {
  knownToken: () => ({ state: 'unavailable', fault: 'keys' }),
  knownPassword: () => 'busy',
  knownForwardAuth: () => ({ state: 'unavailable', fault: 'unreachable' }),
  checkToken: () => Promise.resolve({ state: 'unavailable', fault: 'keys' }),
  checkPassword: () => Promise.resolve('busy'),
  askForwardAuth: () => Promise.resolve({ state: 'unavailable', fault: 'unreachable' }),
};
