// The text that stands for a proven subject where credentials are looked up: its hash is stored like an API key's. No key
// that a client sends can be this text, because keys hold no line break.

/** `issuer`: a token's `iss`, or `basic:<realm>`. `subject`: whom the proof names there. */
export function subjectKey(issuer: string, subject: string): string {
  return `subject\n${JSON.stringify([issuer, subject])}`;
}
