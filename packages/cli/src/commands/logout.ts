// Signing out.
import type { Command } from '../command.js';
import { clientFor } from '../settings/connection.js';
import { readSettings, removeSettings, settingsFile } from '../settings/saved-settings.js';
import { valueOf } from '../stop.js';

export const logout: Command = {
  name: 'logout',
  summary: 'forget what login kept, and with --revoke end the token itself',
  about:
    'Deletes the file that login wrote. The token in it stays good until it expires, unless --revoke ends it at the control plane first.',
  arguments: [],
  options: [{ name: 'revoke', about: 'end the token at the control plane, for everybody who has it' }],
  examples: [{ line: 'sluice logout --revoke', about: 'the token is refused from now on' }],
  run: async (context) => {
    const { io } = context;
    const saved = await readSettings(io);
    const isRevoked = saved !== undefined && context.has('revoke');
    if (isRevoked) {
      const client = clientFor(saved.url, saved.token);
      valueOf(await context.waiting('Ending the token', client.call('presentedToken_revoke')), saved.url);
    }
    await removeSettings(io);
    const file = settingsFile(io);
    context.result({ file, wasSignedIn: saved !== undefined, isRevoked }, () =>
      saved === undefined
        ? 'Nobody was signed in.\n'
        : `Signed out of ${saved.url}${isRevoked ? '; the token is ended' : ''}. ${file} is deleted.\n`,
    );
    return 'ok';
  },
};
