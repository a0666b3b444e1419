/** The status that an address asks for, if it can be one: another text filters nothing, and is offered nowhere. */
export function knownStatus(text: string | undefined): string | undefined {
  return text !== undefined && /^[1-5]\d\d$/.test(text) ? text : undefined;
}
