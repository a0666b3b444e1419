// The library's errors in our words. Its codes are matched, never its texts; a code that is not listed is a defect of ours,
// and answers `internal`.
import { Refusal, stateConflict } from '../http/refusal.js';
import { otherBrowserCode } from './auth.js';
import type { AuthEndpoint } from './auth-endpoints.js';

export async function authRefusal(answer: Response, { path }: Pick<AuthEndpoint, 'path'>): Promise<Error> {
  const body: unknown = await answer.json().catch(() => undefined);
  const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
  switch (code) {
    case 'INVALID_EMAIL_OR_PASSWORD':
      return new Refusal(
        'wrong_credentials',
        'No account has this address and password. Check both, or set a new password.',
      );
    case 'INVALID_PASSWORD':
    case 'CREDENTIAL_ACCOUNT_NOT_FOUND':
      return new Refusal('wrong_credentials', 'The current password is wrong. Check it, or set a new one by mail.');
    case 'EMAIL_NOT_VERIFIED':
      return new Refusal(
        'address_unverified',
        'The address is not confirmed yet. A new code is on its way to it: type that first.',
      );
    case otherBrowserCode:
      return new Refusal(
        'address_unverified',
        'This address was signed up in another browser, or anew since. Sign in here with its password and type the new code; if the password is refused, sign up again.',
      );
    case 'INVALID_CODE':
    case 'INVALID_BACKUP_CODE':
      return wrongSecondStep(path);
    case 'INVALID_TWO_FACTOR_COOKIE':
    case 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE':
      return signInAgain();
    case 'TOTP_ALREADY_ENABLED':
      return stateConflict('Two-factor is on already. Switch it off before you set up another app.');
    case 'TOTP_NOT_ENABLED':
    case 'BACKUP_CODES_NOT_ENABLED':
    case 'TWO_FACTOR_NOT_ENABLED':
      return stateConflict('Two-factor is off for this account. Switch it on first.');
    // That this code was tried too often would tell that there is an account.
    case 'TOO_MANY_ATTEMPTS':
    case 'INVALID_OTP':
    case 'OTP_EXPIRED':
    case 'USER_NOT_FOUND':
      return new Refusal(
        'wrong_code',
        'The code is wrong, used, older than 10 minutes or was tried five times. Check the newest mail, or ask for a new code.',
        [
          {
            pointer: '/otp',
            message: 'the code is wrong or has expired',
            fix: 'type the six digits of the newest mail',
          },
        ],
      );
    case 'UNAUTHORIZED':
    case 'SESSION_EXPIRED':
      return new Refusal('unauthenticated', 'Sign in first: there is no session with this request.');
    default:
      // Two requests with backup codes at once: one of them has to look again.
      if (answer.status === 409 && path === '/two-factor/verify-backup-code') return wrongSecondStep(path);
      if (answer.status === 401)
        return new Refusal('unauthenticated', 'Sign in first: there is no session with this request.');
      return new Error(`better-auth refused ${path} with ${answer.status} ${code}`);
  }
}

/** The same for a code that is wrong and for one that has been used. */
export function wrongSecondStep(path: string): Refusal {
  const isBackup = path === '/two-factor/verify-backup-code';
  return new Refusal(
    'wrong_code',
    isBackup
      ? 'The backup code is wrong, or was used before: each works once. Try another one.'
      : 'The code is wrong, or was used before: each works once. Wait for the next one in the app, and check the clock of the phone if that is refused too.',
    [
      {
        pointer: '/code',
        message: 'the code is wrong or was used',
        fix: isBackup ? 'type another backup code' : 'type the next code of the app',
      },
    ],
  );
}

/** A second step without a first one, or long after it. */
export function signInAgain(): Refusal {
  return new Refusal(
    'unauthenticated',
    'There is no sign-in to finish with this code: it has ended, or was tried too often. Sign in with the password again.',
  );
}
