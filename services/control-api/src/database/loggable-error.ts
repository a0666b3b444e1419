// An error of the database as the log may show it. The driver hangs the whole connection on some: its state and settings.
export function loggableError(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: typeof error, message: '' };
  return { code: 'code' in error ? String(error.code) : error.name, message: error.message };
}
