// Identity, as control-api mounts it at /v1/auth. What matters of most answers is the cookie and the status.
import { backupCodesSchema, signInAnswerSchema, twoFactorEnrolmentSchema, twoFactorSchema } from '@sluice/contracts';
import type { SignInAnswer, TwoFactor, TwoFactorEnrolment } from '@sluice/contracts';
import type { Call } from './call';

/** Without a name, the person is called by what stands before the @. */
export const signUp = (body: { email: string; password: string; name?: string }) => auth('sign-up/email', body);
export const sendCode = (body: { email: string }) =>
  auth('email-otp/send-verification-otp', { ...body, type: 'email-verification' });
export const verifyCode = (body: { email: string; otp: string }) => auth('email-otp/verify-email', body);
/** A session, or that a code has to follow. */
export const signIn = (body: { email: string; password: string }): Call<SignInAnswer> => ({
  ...auth('sign-in/email', body),
  answer: signInAnswerSchema,
});
export const sendAppCode = (body: { code: string }) => auth('two-factor/verify-totp', body);
export const sendBackupCode = (body: { code: string }) => auth('two-factor/verify-backup-code', body);
export const getTwoFactor = (): Call<TwoFactor> => ({
  method: 'GET',
  path: '/v1/me/two-factor',
  answer: twoFactorSchema,
});
export const beginTwoFactor = (body: { password: string }): Call<TwoFactorEnrolment> => ({
  ...auth('two-factor/enable', body),
  answer: twoFactorEnrolmentSchema,
});
export const makeBackupCodes = (body: { password: string }): Call<{ backupCodes: string[] }> => ({
  ...auth('two-factor/generate-backup-codes', body),
  answer: backupCodesSchema,
});
export const endTwoFactor = (body: { password: string }) => auth('two-factor/disable', body);
export const requestReset = (body: { email: string }) => auth('email-otp/request-password-reset', body);
export const resetPassword = (body: { email: string; otp: string; password: string }) =>
  auth('email-otp/reset-password', body);
export const signOut = () => auth('sign-out', {});

function auth(path: string, body: unknown): Call<unknown> {
  return { method: 'POST', path: `/v1/auth/${path}`, answer: null, body };
}
