// The end of a switch over a closed union: a new member that nobody handled is an error of the compiler, here.

export function assertNever(value: never): never {
  throw new Error(`not a member of the union: ${JSON.stringify(value)}`);
}
