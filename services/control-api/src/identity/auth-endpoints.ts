// The endpoints of better-auth that are open, each with the shape of its body: the library offers many more, and whatever is
// not in this table answers as if it did not exist. Bodies are checked here first, so that errors name their field.
import {
  backupCodesSchema,
  givenPasswordSchema as givenPassword,
  mailAddressSchema as email,
  signedInSchema,
  signInAnswerSchema,
  twoFactorEnrolmentSchema,
  type ProblemCode,
} from '@sluice/contracts';
import { z } from 'zod';
import type { Rule } from './attempts.js';

const newPassword = z.string().min(8, 'write at least 8 characters').max(200, 'write at most 200 characters');
const otp = z.string().regex(/^\d{6}$/, 'write the six digits of the mail');
const name = z.string().trim().min(1).max(200);
const passwordAgain = z.strictObject({ password: givenPassword });
const acceptedSchema = z
  .object({ success: z.literal(true) })
  .meta({ id: 'Accepted', description: 'the same whether or not the address is known' });

export interface AuthEndpoint {
  readonly path: `/${string}`;
  readonly summary: string;
  readonly body: z.ZodObject;
  readonly answer: z.ZodType;
  readonly problems: readonly ProblemCode[];
  /** What is counted before the attempt is made, and forgotten when it succeeds where `clearsOnSuccess`. */
  readonly counts?: {
    /** By the address in the body. */
    readonly account?: Rule;
    /** By the client's network address. */
    readonly client?: Rule;
    /** By whose session, or half a sign-in, the request carries. */
    readonly subject?: readonly Rule[];
    readonly clearsOnSuccess: boolean;
  };
  readonly needsSession?: boolean;
  /** What the body's `code` is; either finishes a sign-in, and needs one begun, or a session. */
  readonly takesCode?: 'app' | 'backup';
  /** True for what the audit log of the person's tenants tells. */
  readonly isNoted?: boolean;
}

const minutes = 60_000;
const guessing = {
  account: { kind: 'guess', most: 10, windowMs: 15 * minutes },
  client: { kind: 'guess-from', most: 100, windowMs: 15 * minutes },
  clearsOnSuccess: true,
} as const;
// Of a million codes three work at a time: thirty wrong ones a day leave who has the password one chance in ten thousand each day.
const secondStep = {
  client: guessing.client,
  subject: [
    { kind: 'second-step', most: 10, windowMs: 15 * minutes },
    { kind: 'second-step-day', most: 30, windowMs: 24 * 60 * minutes },
  ],
  clearsOnSuccess: true,
} as const;
/** Of the password of whoever is signed in. */
export const passwordGuessing = {
  client: guessing.client,
  subject: [{ kind: 'password-again', most: 10, windowMs: 15 * minutes }],
  clearsOnSuccess: true,
} as const;
const mailing = {
  account: { kind: 'mail', most: 5, windowMs: 10 * minutes },
  client: { kind: 'mail-from', most: 200, windowMs: 60 * minutes },
  clearsOnSuccess: false,
} as const;

export const authEndpoints: readonly AuthEndpoint[] = [
  {
    path: '/sign-up/email',
    summary: 'Sign up. A code is mailed; the answer is the same when the address already has an account',
    body: z.strictObject({ email, password: newPassword, name: name.optional() }).meta({ id: 'SignUp' }),
    answer: acceptedSchema,
    problems: ['too_many_attempts'],
    counts: mailing,
  },
  {
    path: '/sign-in/email',
    isNoted: true,
    summary: 'Sign in with address and password. The session is a cookie; with two-factor on, a code comes before it',
    body: z.strictObject({ email, password: givenPassword, rememberMe: z.boolean().optional() }).meta({ id: 'SignIn' }),
    answer: signInAnswerSchema,
    problems: ['wrong_credentials', 'address_unverified', 'too_many_attempts'],
    counts: guessing,
  },
  {
    path: '/sign-out',
    summary: 'End this session',
    body: z.strictObject({}).meta({ id: 'SignOut' }),
    answer: acceptedSchema,
    problems: [],
  },
  {
    path: '/email-otp/send-verification-otp',
    summary: 'Mail a new code; the one before stops working',
    body: z
      .strictObject({ email, type: z.literal('email-verification').default('email-verification') })
      .meta({ id: 'SendCode' }),
    answer: acceptedSchema,
    problems: ['too_many_attempts'],
    counts: mailing,
  },
  {
    path: '/email-otp/verify-email',
    summary: 'Confirm the address with the mailed code, in the browser that signed up, and sign in',
    body: z.strictObject({ email, otp }).meta({ id: 'VerifyAddress' }),
    answer: signedInSchema,
    problems: ['wrong_code', 'address_unverified', 'too_many_attempts'],
    counts: guessing,
  },
  {
    path: '/email-otp/request-password-reset',
    summary: 'Mail a code to set a new password with',
    body: z.strictObject({ email }).meta({ id: 'RequestReset' }),
    answer: acceptedSchema,
    problems: ['too_many_attempts'],
    counts: mailing,
  },
  {
    path: '/email-otp/reset-password',
    isNoted: true,
    summary: 'Set a new password with the mailed code; every session ends',
    body: z.strictObject({ email, otp, password: newPassword }).meta({ id: 'ResetPassword' }),
    answer: acceptedSchema,
    problems: ['wrong_code', 'too_many_attempts'],
    counts: guessing,
  },
  {
    path: '/change-password',
    isNoted: true,
    summary: 'Change the password; every other session ends',
    body: z.strictObject({ currentPassword: givenPassword, newPassword }).meta({ id: 'ChangePassword' }),
    answer: signedInSchema,
    problems: ['unauthenticated', 'wrong_credentials', 'too_many_attempts'],
    counts: passwordGuessing,
    needsSession: true,
  },
  {
    path: '/two-factor/enable',
    isNoted: true,
    summary:
      'Begin to switch two-factor on: a secret for an authenticator app, and backup codes. A code of the app ends it',
    body: passwordAgain.meta({ id: 'EnableTwoFactor' }),
    answer: twoFactorEnrolmentSchema,
    problems: ['unauthenticated', 'wrong_credentials', 'state_conflict', 'too_many_attempts'],
    counts: passwordGuessing,
    needsSession: true,
  },
  {
    path: '/two-factor/verify-totp',
    isNoted: true,
    summary:
      'Send a code of the app: it ends a sign-in, or switches two-factor on, which ends every other session. It works once',
    body: z
      .strictObject({ code: z.string().regex(/^\d{6}$/, 'write the six digits of the app') })
      .meta({ id: 'AppCode' }),
    answer: signedInSchema,
    problems: ['unauthenticated', 'wrong_code', 'state_conflict', 'too_many_attempts'],
    counts: secondStep,
    takesCode: 'app',
  },
  {
    path: '/two-factor/verify-backup-code',
    isNoted: true,
    summary: 'Send a backup code instead of a code of the app. It works once',
    body: z
      .strictObject({ code: z.string().min(1, 'write a backup code').max(40, 'write one backup code') })
      .meta({ id: 'BackupCode', examples: [{ code: '4zq8-m0xw-t7rk' }] }),
    answer: signedInSchema,
    problems: ['unauthenticated', 'wrong_code', 'state_conflict', 'too_many_attempts'],
    counts: secondStep,
    takesCode: 'backup',
  },
  {
    path: '/two-factor/generate-backup-codes',
    isNoted: true,
    summary: 'Make new backup codes; the old ones stop working',
    body: passwordAgain.meta({ id: 'NewBackupCodes' }),
    answer: backupCodesSchema,
    problems: ['unauthenticated', 'wrong_credentials', 'state_conflict', 'too_many_attempts'],
    counts: passwordGuessing,
    needsSession: true,
  },
  {
    path: '/two-factor/disable',
    isNoted: true,
    summary: 'Switch two-factor off',
    body: passwordAgain.meta({ id: 'DisableTwoFactor' }),
    answer: acceptedSchema,
    problems: ['unauthenticated', 'wrong_credentials', 'too_many_attempts'],
    counts: passwordGuessing,
    needsSession: true,
  },
];
