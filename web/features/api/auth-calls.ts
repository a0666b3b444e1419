// Identity, as control-api mounts it at /v1/auth. What matters of the answers is the cookie and the status.
import type { Call } from './call';

/** Without a name, the person is called by what stands before the @. */
export const signUp = (body: { email: string; password: string; name?: string }) => auth('sign-up/email', body);
export const sendCode = (body: { email: string }) =>
  auth('email-otp/send-verification-otp', { ...body, type: 'email-verification' });
export const verifyCode = (body: { email: string; otp: string }) => auth('email-otp/verify-email', body);
export const signIn = (body: { email: string; password: string }) => auth('sign-in/email', body);
export const requestReset = (body: { email: string }) => auth('email-otp/request-password-reset', body);
export const resetPassword = (body: { email: string; otp: string; password: string }) =>
  auth('email-otp/reset-password', body);
export const signOut = () => auth('sign-out', {});

function auth(path: string, body: unknown): Call<unknown> {
  return { method: 'POST', path: `/v1/auth/${path}`, answer: null, body };
}
