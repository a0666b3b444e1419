/** Runs once when the server starts: a bad environment must end it here, not at the first visitor. */
export async function register(): Promise<void> {
  // A constant of the build, not the environment: it keeps Node's own modules out of the edge bundle.
  if (process.env['NEXT_RUNTIME'] === 'nodejs') {
    const { config } = await import('./config');
    config();
  }
}
