// A person's account: what signing in answers, and the second step of it.
//   POST /v1/auth/sign-in/email                         a session, or that a code has to follow
//   POST /v1/auth/two-factor/enable                     a secret for an authenticator app, and backup codes
//   GET  /v1/me/two-factor                              whether it is on
//   POST /v1/operator/two-factor-removals               takes it off somebody who has lost both
import { z } from 'zod';
import { mailAddressSchema } from '../mail-address.js';

export const accountSchema = z
  .object({ id: z.string(), email: z.email(), name: z.string(), emailVerified: z.boolean() })
  .meta({ id: 'Account', description: 'the person who signed in' });

/** One that is there already: short ones of another time too. */
export const givenPasswordSchema = z.string().min(1, 'write your password').max(200, 'write at most 200 characters');

export const signedInSchema = z.object({ user: accountSchema }).meta({ id: 'SignedIn' });

const secondStepRequiredSchema = z.object({ secondStep: z.literal('required') }).meta({
  id: 'SecondStepRequired',
  description: 'the password is right, and there is no session yet: send a code of the app, or a backup code',
});
export const signInAnswerSchema = z.union([signedInSchema, secondStepRequiredSchema]);
export type SignInAnswer = z.infer<typeof signInAnswerSchema>;

const backupCodes = z
  .array(z.string())
  .meta({ description: 'each signs in once without the app; shown in this answer, and never again' });

export const backupCodesSchema = z.object({ backupCodes }).meta({ id: 'BackupCodes' });

export const twoFactorEnrolmentSchema = z
  .object({
    uri: z.string().meta({ description: 'otpauth://..., as a QR code holds it' }),
    secret: z.string().meta({ description: 'the same to type into the app: Base32' }),
    backupCodes,
  })
  .meta({ id: 'TwoFactorEnrolment' });
export type TwoFactorEnrolment = z.infer<typeof twoFactorEnrolmentSchema>;

export const twoFactorSchema = z
  .object({ isOn: z.boolean(), backupCodesLeft: z.int().min(0) })
  .meta({ id: 'TwoFactor', description: 'whether signing in takes a code after the password' });
export type TwoFactor = z.infer<typeof twoFactorSchema>;

export const twoFactorRemovalSchema = z
  .strictObject({
    email: mailAddressSchema,
    reason: z.string().trim().min(1, 'write how the person proved who they are').max(500),
  })
  .meta({ id: 'TwoFactorRemoval', description: 'the reason stands in the audit log of every tenant of the person' });
export type TwoFactorRemoval = z.infer<typeof twoFactorRemovalSchema>;
