// Runs the sources as they are (Node strips the types), so that a child process of a test is never an older build:
// node --import ./test/run-typescript.mjs src/x.ts
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const isSource =
      specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts') === true;
    return nextResolve(isSource ? `${specifier.slice(0, -3)}.ts` : specifier, context);
  },
});
