// What the exit code says. The table is the source: `sluice help exit-codes` and docs/cli.md are checked against it.

export const exitCodes = {
  ok: { code: 0, about: 'done' },
  refused: { code: 1, about: 'refused: the document is not valid, or the control plane said no' },
  usage: { code: 2, about: 'the command was written wrongly, or a file that it names cannot be read' },
  unreachable: {
    code: 3,
    about: 'the control plane could not be reached, or could not answer now; trying again may help',
  },
  signedOut: { code: 4, about: 'no token, or one that is not valid (any more): sign in with `sluice login`' },
  different: { code: 5, about: '`diff --exit-code` found differences' },
  unapplied: { code: 6, about: '`--wait`: published, and not applied by every gateway (in time)' },
  broken: { code: 70, about: 'a defect of this command; please report it' },
} as const satisfies Record<string, { readonly code: number; readonly about: string }>;

export type ExitName = keyof typeof exitCodes;
