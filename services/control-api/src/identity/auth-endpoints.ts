// The endpoints of better-auth that are open, each with the shape of its body: the library offers many more, and whatever is
// not in this table answers as if it did not exist. Bodies are checked here first, so that errors name their field.
import type { ProblemCode } from '@sluice/contracts';
import { z } from 'zod';
import type { Rule } from './attempts.js';

const email = z
  .email('write an e-mail address')
  .max(254)
  .toLowerCase()
  .meta({ examples: ['ada@example.com'] });
const newPassword = z.string().min(8, 'write at least 8 characters').max(200, 'write at most 200 characters');
const givenPassword = z.string().min(1, 'write your password').max(200, 'write at most 200 characters');
const otp = z.string().regex(/^\d{6}$/, 'write the six digits of the mail');
const name = z.string().trim().min(1).max(200);

export const accountSchema = z
  .object({ id: z.string(), email: z.email(), name: z.string(), emailVerified: z.boolean() })
  .meta({ id: 'Account', description: 'the person who signed in' });
const signedInSchema = z.object({ user: accountSchema }).meta({ id: 'SignedIn' });
const acceptedSchema = z
  .object({ success: z.literal(true) })
  .meta({ id: 'Accepted', description: 'the same whether or not the address is known' });

export interface AuthEndpoint {
  readonly path: `/${string}`;
  readonly summary: string;
  readonly body: z.ZodObject;
  readonly answer: z.ZodObject;
  readonly problems: readonly ProblemCode[];
  /** What is counted before the attempt is made: by the address in the body, and by the client's network address. */
  readonly counts?: { readonly account?: Rule; readonly client?: Rule; readonly clearsOnSuccess: boolean };
  readonly needsSession?: boolean;
  /** True for what the audit log of the person's tenants tells. */
  readonly isNoted?: boolean;
}

const minutes = 60_000;
const guessing = {
  account: { kind: 'guess', most: 10, windowMs: 15 * minutes },
  client: { kind: 'guess-from', most: 100, windowMs: 15 * minutes },
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
    summary: 'Sign in with address and password. The session is a cookie',
    body: z.strictObject({ email, password: givenPassword, rememberMe: z.boolean().optional() }).meta({ id: 'SignIn' }),
    answer: signedInSchema,
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
    counts: { client: guessing.client, clearsOnSuccess: true },
    needsSession: true,
  },
];
