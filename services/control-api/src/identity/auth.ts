// better-auth, set up for Sluice: people with an address and a password, a six-digit code to prove the address, sessions in
// Postgres. Its own origin checks and rate limits are off: the mount does both, for these endpoints and all others alike.
// Session tokens lie in their table as they are; the cookie carries them with an HMAC under AUTH_SECRET, so that who
// reads the table alone cannot make a cookie of a row.
import { newId, uuidv7Hex } from '@sluice/contracts';
import { authTables, type Pool } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { emailOTP } from 'better-auth/plugins/email-otp';
import type { Config } from '../config.js';
import { codeLetter, knownAddressLetter } from '../mail/letters.js';
import type { Mailer } from '../mail/mailer.js';
import { cookiePrefixOf, isSecure } from './cookies.js';
import { hashPassword, verifyPassword } from './passwords.js';
import { createSignUpProof } from './sign-up-proof.js';

/** Where the person is: set by the mount alone, never by a client. */
export const originHeader = 'x-sluice-origin';
export const clientAddressHeader = 'x-sluice-client-address';
export const authBasePath = '/v1/auth';
/** The one code of a refusal that is ours, not the library's. */
export const otherBrowserCode = 'SIGNED_UP_IN_ANOTHER_BROWSER';

const codeMinutes = 10;
const sessionDays = 30;

export type Auth = ReturnType<typeof createAuth>;

export function createAuth({
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
  return betterAuth({
    appName: 'Sluice',
    baseURL: new URL(config.web.consoleUrl).origin,
    basePath: authBasePath,
    secret: config.auth.secret,
    database: pool,
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
    session: { ...authTables.session, expiresIn: sessionDays * 86_400, updateAge: 86_400 },
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
      // After the code was found right, and for the very account that is about to be confirmed.
      beforeEmailVerification: async ({ id }, request) => {
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
  });
}
