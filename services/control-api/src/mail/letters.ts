// The words of every mail. Plain text: it is readable everywhere, and nothing in it can be loaded or run.
import type { Mail } from './mailer.js';

export type CodePurpose = 'email-verification' | 'forget-password' | 'sign-in' | 'change-email';

interface CodeLetter {
  readonly to: string;
  readonly code: string;
  readonly purpose: CodePurpose;
  /** Where the person was when they asked: the console or a portal, without a slash at the end. */
  readonly origin: string;
  readonly minutes: number;
}

export function codeLetter({ to, code, purpose, origin, minutes }: CodeLetter): Mail {
  const page = purpose === 'forget-password' ? 'reset' : 'verify';
  const query = new URLSearchParams({ email: to, code });
  const what = purpose === 'forget-password' ? 'to set a new password' : 'to confirm your address';
  return {
    to,
    subject: `${code} is your code`,
    text: [
      `Your code ${what}:`,
      `    ${code}`,
      `Type it where you were asked for it, or open this link in the same browser:`,
      `${origin}/${page}?${query.toString()}`,
      `It works once, for ${minutes} minutes. If you did not ask for it, ignore this mail: without the code nothing happens.`,
    ].join('\n\n'),
  };
}

export function knownAddressLetter({ to, origin }: { to: string; origin: string }): Mail {
  return {
    to,
    subject: 'You already have an account',
    text: [
      `Somebody, probably you, tried to sign up with this address. You already have an account with it.`,
      `Sign in: ${origin}/sign-in`,
      `Forgotten the password? ${origin}/reset`,
      `If it was not you, there is nothing to do: your account is unchanged.`,
    ].join('\n\n'),
  };
}

export function invitationLetter({
  to,
  tenantTitle,
  inviter,
  role,
  consoleUrl,
}: {
  to: string;
  tenantTitle: string;
  inviter: string;
  role: string;
  consoleUrl: string;
}): Mail {
  return {
    to,
    subject: `You are invited to ${tenantTitle}`,
    text: [
      `${inviter} invites you to join ${tenantTitle} as ${role}.`,
      `You are a member as soon as you are signed in with this address.`,
      `With an account: ${consoleUrl}/sign-in`,
      `Without one: ${consoleUrl}/sign-up?${new URLSearchParams({ invited: to }).toString()}`,
      `If you do not know the sender, ignore this mail.`,
    ].join('\n\n'),
  };
}

/** What was done to an account. */
export type Notice =
  | 'password-reset'
  | 'password-changed'
  | 'two-factor-on'
  | 'two-factor-off'
  | 'two-factor-removed'
  | 'backup-code-used'
  | 'backup-codes-made'
  | 'second-step-locked';

const notices: Readonly<Record<Notice, { readonly subject: string; readonly said: string }>> = {
  'password-reset': {
    subject: 'Your password was set anew',
    said: 'A new password was set with a mailed code. Every session has ended.',
  },
  'password-changed': {
    subject: 'Your password was changed',
    said: 'Your password was changed. Every other session has ended.',
  },
  'two-factor-on': {
    subject: 'Two-factor is on',
    said: 'From now on signing in takes a code of your app, or a backup code. Every other session has ended.',
  },
  'two-factor-off': { subject: 'Two-factor is off', said: 'From now on the password alone signs in.' },
  'two-factor-removed': {
    subject: 'Two-factor was taken off your account',
    said: 'The operator of the platform has taken two-factor off your account. Every session has ended; the password alone signs in.',
  },
  'backup-code-used': {
    subject: 'A backup code was used',
    said: 'Somebody, probably you, signed in with a backup code instead of a code of the app.',
  },
  'backup-codes-made': {
    subject: 'You have new backup codes',
    said: 'New backup codes were made. The old ones no longer work.',
  },
  'second-step-locked': {
    subject: 'Somebody has your password',
    said: 'Somebody signed in with your password, and then tried too many wrong codes. No more are taken for a while.',
  },
};

interface NoticeLetter {
  readonly to: string;
  readonly notice: Notice;
  readonly details: readonly string[];
  readonly origin: string;
}

export function noticeLetter({ to, notice, details, origin }: NoticeLetter): Mail {
  const { subject, said } = notices[notice];
  return {
    to,
    subject,
    text: [said, ...details, `If it was not you, set a new password at once: ${origin}/reset`].join('\n\n'),
  };
}
