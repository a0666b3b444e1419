// A master key as an operator writes it: 32 random bytes, in base64 (either alphabet) or hex.

const keyBytes = 32;

/** Undefined: the text is no key. */
export function keyOfText(text: string): Buffer | undefined {
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
      ? Buffer.from(text, 'base64url')
      : undefined;
  return bytes?.length === keyBytes ? bytes : undefined;
}
