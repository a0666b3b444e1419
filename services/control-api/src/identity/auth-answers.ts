// What the library answers, as the mount gives it on: the person and what they asked for. The session's token, which the library puts
// beside the person, belongs into the cookie alone.
import { backupCodesSchema, signedInSchema } from '@sluice/contracts';
import { z } from 'zod';
import type { AuthEndpoint } from './auth-endpoints.js';

const enrolledAnswer = z.object({ totpURI: z.url(), backupCodes: z.array(z.string()) });

/** The password was right, and the second step is to come. */
export function needsSecondStep(answered: unknown): boolean {
  return typeof answered === 'object' && answered !== null && 'twoFactorRedirect' in answered;
}

export function emailOf(answered: unknown): string {
  return signedInSchema.parse(answered).user.email;
}

export function publicAnswer({ path }: AuthEndpoint, answered: unknown): unknown {
  switch (path) {
    case '/sign-in/email':
      return needsSecondStep(answered) ? { secondStep: 'required' } : signedInSchema.parse(answered);
    case '/email-otp/verify-email':
    case '/change-password':
    case '/two-factor/verify-totp':
    case '/two-factor/verify-backup-code':
      return signedInSchema.parse(answered);
    case '/two-factor/enable': {
      const { totpURI, backupCodes } = enrolledAnswer.parse(answered);
      return { uri: totpURI, secret: new URL(totpURI).searchParams.get('secret') ?? '', backupCodes };
    }
    case '/two-factor/generate-backup-codes':
      return backupCodesSchema.parse(answered);
    default:
      return { success: true };
  }
}
