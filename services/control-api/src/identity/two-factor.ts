// The second step of signing in: a code of an authenticator app (RFC 6238), or a backup code. The library keeps the app's secret
// encrypted under AUTH_SECRET. What it leaves open is closed by the mount: tries are counted by account before they are made,
// and a code works once. No device is trusted to skip the step: the mount lets no body ask for it.
import type { BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint, getSessionFromCtx } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { twoFactorTables } from '@sluice/prisma';
import type { Config } from '../config.js';
import { createBackupCodes } from './backup-codes.js';

/** How long the password counts before the second step is done. */
export const secondStepMinutes = 10;

export function twoFactorPlugin(config: Pick<Config, 'auth'>) {
  const codes = createBackupCodes(config);
  return twoFactor({
    issuer: 'Sluice',
    twoFactorCookieMaxAge: secondStepMinutes * 60,
    backupCodeOptions: {
      customBackupCodesGenerate: () => codes.generate(),
      storeBackupCodes: { encrypt: async (json) => codes.sealAll(json), decrypt: async (kept) => kept },
    },
    // It counts after the try, so that many at once are all made.
    accountLockout: { enabled: false },
    schema: twoFactorTables,
  });
}

/** Whose session or half a sign-in a request carries. */
export interface Subject {
  readonly identityId: string;
  readonly isSignedIn: boolean;
  readonly hasTwoFactor: boolean;
}

/** `auth.api.subjectOf({ headers })`, for the mount alone: it has no path. */
export const subjectPlugin = {
  id: 'sluice-subject',
  endpoints: {
    subjectOf: createAuthEndpoint.serverOnly(
      { method: 'GET', requireHeaders: true },
      async (ctx): Promise<Subject | null> => {
        const session = await getSessionFromCtx(ctx);
        if (session !== null) {
          const { id, twoFactorEnabled } = session.user as { id: string; twoFactorEnabled?: boolean | null };
          return { identityId: id, isSignedIn: true, hasTwoFactor: twoFactorEnabled === true };
        }
        const cookie = ctx.context.createAuthCookie('two_factor');
        const challenge = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
        if (typeof challenge !== 'string' || challenge === '') return null;
        const begun = await ctx.context.internalAdapter.findVerificationValue(challenge);
        return begun === null ? null : { identityId: begun.value, isSignedIn: false, hasTwoFactor: true };
      },
    ),
  },
} satisfies BetterAuthPlugin;
