// The secrets that a draft refers to and its environment has not got yet, for people: publishing would be the first to say so.
export function missingSecretsText(names: readonly string[], environment: string): string {
  if (names.length === 0) return '';
  return `${environment} has no ${names.map((name) => `secret:${name}`).join(', ')} yet. Publishing is refused until \`sluice secrets set <name> -e ${environment}\` has set what is missing.\n`;
}
