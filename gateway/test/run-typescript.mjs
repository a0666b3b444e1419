// Runs the sources as they are (Node strips the types), so that a child process of a test is never an older build:
// node --import ./test/run-typescript.mjs src/x.ts
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const mayBeSource =
      specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts') === true;
    const source = `${specifier.slice(0, -3)}.ts`;
    // What was built is imported as it is.
    const isSource = mayBeSource && existsSync(new URL(source, context.parentURL));
    return nextResolve(isSource ? source : specifier, context);
  },
});
