// The names of operations, in the API document and in the audit log.

/** `PlansController`, `create` -> `plans_create` */
export function operationIdOf(controller: string, handler: string): string {
  const resource = controller.replace(/Controller$/, '');
  return `${resource.charAt(0).toLowerCase()}${resource.slice(1)}_${handler}`;
}

/** `/sign-in/email` -> `authSignInEmail` */
export function authOperationIdOf(path: string): string {
  return `auth${path.replaceAll(/[^a-z]+(.)/g, (_, letter: string) => letter.toUpperCase())}`;
}
