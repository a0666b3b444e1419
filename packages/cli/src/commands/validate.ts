// Is this document good? Without a control plane.
import type { Command } from '../command.js';
import { readSource, sourceArgument } from '../document/read-source.js';
import { Stop } from '../stop.js';

export const validate: Command = {
  name: 'validate',
  summary: 'check a document here, without a control plane',
  about:
    "Checks a configuration document with the code that the control plane and the gateways use. Each error has its line, its JSON pointer and what to write instead. Whether the hosts that routes name are the environment's is known to the control plane alone: `sluice diff` asks it.",
  arguments: [sourceArgument],
  options: [],
  examples: [
    { line: 'sluice validate', about: 'checks sluice.yaml' },
    { line: 'sluice dump | sluice validate -', about: 'checks what comes on standard input' },
  ],
  run: async (context) => {
    const source = await readSource(context.io, context.argument('file'));
    // The engine takes longer to load than all the rest: no other command waits for it.
    const { checkSource } = await import('../document/check-source.js');
    const errors = await checkSource(source);
    if (errors.length > 0 && !context.isJson)
      throw new Stop({
        exit: 'refused',
        code: 'invalid_document',
        title: 'The configuration document is not valid',
        detail: `${source.name} has ${errors.length === 1 ? 'one error' : `${errors.length} errors`}.`,
        errors,
        source: source.name,
      });
    context.result({ isValid: errors.length === 0, errors }, () => `${source.name} is valid.\n`);
    return errors.length === 0 ? 'ok' : 'refused';
  },
};
