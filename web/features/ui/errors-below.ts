// Errors by pointer, for fields that stand for more than one value.
type Errors = Readonly<Record<string, string>>;

/** The first error at or below a pointer: for a field that stands for a whole list. */
export function firstBelow(errors: Errors, pointer: string): string | undefined {
  return Object.entries(errors).find(([at]) => isBelow(at, pointer))?.[1];
}

/** Every error at or below a pointer, each with where below it: for a field that shows a whole value as text. */
export function allBelow(errors: Errors, pointer: string): string | undefined {
  const lines = Object.entries(errors)
    .filter(([at]) => isBelow(at, pointer))
    .map(([at, text]) => (at === pointer ? text : `${at.slice(pointer.length + 1)}: ${text}`));
  return lines.length === 0 ? undefined : lines.join(' ');
}

export function hasErrorsBelow(errors: Errors, ...pointers: readonly string[]): boolean {
  return pointers.some((pointer) => firstBelow(errors, pointer) !== undefined);
}

function isBelow(at: string, pointer: string): boolean {
  return at === pointer || at.startsWith(`${pointer}/`);
}
