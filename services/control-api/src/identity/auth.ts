// better-auth, set up for Sluice: people with an address and a password, a six-digit code to prove the address, a second step
// for those who switch it on, sessions in Postgres under the hash of their token. Its own origin checks and rate limits are
// off: the mount does both, for these endpoints and all others alike.
import { newId, uuidv7Hex } from '@sluice/contracts';
import { authTables, type Pool } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import { getAdapter } from 'better-auth/db/adapter';
import { emailOTP } from 'better-auth/plugins/email-otp';
import type { Config } from '../config.js';
import { codeLetter, knownAddressLetter } from '../mail/letters.js';
import type { Mailer } from '../mail/mailer.js';
import { cookiePrefixOf, isSecure } from './cookies.js';
import { hashPassword, verifyPassword } from './passwords.js';
import { sealSessions } from './sealed-sessions.js';
import { createSignUpProof } from './sign-up-proof.js';
import { subjectPlugin, twoFactorPlugin } from './two-factor.js';

/** Where the person is: set by the mount alone, never by a client. */
export const originHeader = 'x-sluice-origin';
export const clientAddressHeader = 'x-sluice-client-address';
export const authBasePath = '/v1/auth';
/** The one code of a refusal that is ours, not the library's. */
export const otherBrowserCode = 'SIGNED_UP_IN_ANOTHER_BROWSER';

const codeMinutes = 10;
/** In seconds. A session that is used a day after it was renewed is renewed again. */
export const sessionTimes = { expiresIn: 30 * 86_400, updateAge: 86_400 } as const;

export type Auth = Awaited<ReturnType<typeof createAuth>>;

export async function createAuth({
  config,
  pool,
  mailer,
  logger,
}: {
  config: Config;
  pool: Pool;
  mailer: Mailer;
  logger: Logger;
}) {
  const proof = createSignUpProof(config);
  const originOf = (headers: Headers | undefined): string =>
    headers?.get(originHeader) ?? new URL(config.web.consoleUrl).origin;
  const options = {
    appName: 'Sluice',
    baseURL: new URL(config.web.consoleUrl).origin,
    basePath: authBasePath,
    secret: config.auth.secret,
    telemetry: { enabled: false },
    logger: {
      disableColors: true,
      level: 'error',
      // Its messages may name addresses: only that something was said, and how loudly, is kept.
      log: (level, message) =>
        logger[level === 'error' ? 'error' : 'debug'](
          { library: 'better-auth' },
          message.replace(/\S+@\S+/g, '<address>'),
        ),
    },
    user: authTables.user,
    account: authTables.account,
    verification: authTables.verification,
    session: { ...authTables.session, ...sessionTimes },
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      minPasswordLength: 8,
      maxPasswordLength: 200,
      revokeSessionsOnPasswordReset: true,
      password: { hash: hashPassword, verify: verifyPassword },
      onExistingUserSignUp: async ({ user }, request) => {
        mailer.send(knownAddressLetter({ to: user.email, origin: originOf(request?.headers) }));
      },
    },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: true,
      autoSignInAfterVerification: true,
      // After the code was found right, and for the very account that is about to be confirmed. What follows signs in, so an
      // account that has a second step never gets here by mail alone.
      beforeEmailVerification: async ({ id, ...user }, request) => {
        if ('twoFactorEnabled' in user && user.twoFactorEnabled === true)
          throw new APIError('BAD_REQUEST', { code: 'INVALID_OTP', message: 'the account has a second step' });
        if (!proof.holds(id, request?.headers.get('cookie')))
          throw new APIError('FORBIDDEN', { code: otherBrowserCode, message: 'the account is of another browser' });
      },
    },
    plugins: [
      emailOTP({
        otpLength: 6,
        expiresIn: codeMinutes * 60,
        allowedAttempts: 5,
        storeOTP: 'hashed',
        overrideDefaultEmailVerification: true,
        disableSignUp: true,
        sendVerificationOTP: async ({ email, otp, type }, context) => {
          mailer.send(
            codeLetter({
              to: email,
              code: otp,
              purpose: type,
              origin: originOf(context?.request?.headers ?? context?.headers),
              minutes: codeMinutes,
            }),
          );
        },
      }),
      twoFactorPlugin(config),
      subjectPlugin,
    ],
    advanced: {
      disableCSRFCheck: true,
      disableOriginCheck: true,
      useSecureCookies: false,
      cookiePrefix: cookiePrefixOf(config),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure: isSecure(config), path: '/' },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      database: { generateId: ({ model }) => (model === 'user' ? newId('identity') : uuidv7Hex()) },
    },
  } satisfies BetterAuthOptions;
  const database = sealSessions(await getAdapter({ ...options, database: pool }));
  return betterAuth({ ...options, database: () => database });
}
