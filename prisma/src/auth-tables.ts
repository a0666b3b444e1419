// better-auth's models under this schema's names: spread it into better-auth's options. Its `user` is our identity.
const stamps = { createdAt: 'created_at', updatedAt: 'updated_at' } as const;

export const authTables = {
  user: { modelName: 'identity', fields: { emailVerified: 'email_verified', ...stamps } },
  session: {
    modelName: 'session',
    fields: { expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', userId: 'user_id', ...stamps },
  },
  account: {
    modelName: 'account',
    fields: {
      accountId: 'account_id',
      providerId: 'provider_id',
      userId: 'user_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      ...stamps,
    },
  },
  verification: { modelName: 'verification', fields: { expiresAt: 'expires_at', ...stamps } },
} as const;

/** What the plugin for two-factor adds to them. Its own counting of failures is off: control-api counts before the try. */
export const twoFactorTables = {
  user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
  twoFactor: {
    modelName: 'two_factor',
    fields: {
      userId: 'user_id',
      backupCodes: 'backup_codes',
      failedVerificationCount: 'failed_verification_count',
      lockedUntil: 'locked_until',
    },
  },
} as const;
