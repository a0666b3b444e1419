// What a client calls its request, as far as it is kept: 128 bytes at most of UTF-8, which is what records are stored in.
const mostBytes = 128;
const encoder = new TextEncoder();
const scratch = new Uint8Array(mostBytes);

export function clientRequestId(given: string | undefined): string {
  if (given === undefined) return '';
  // No character has less than one byte; `encodeInto` never writes half of one.
  return given.slice(0, encoder.encodeInto(given, scratch).read);
}
