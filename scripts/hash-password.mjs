// `npm run -s hash-password`: reads a password from standard input (its first line) and prints the hash that the policy
// `basic` takes: argon2id as a PHC string, with the work that OWASP asks for (19 MiB, 2 passes). The password stands in no
// argument, so that neither the shell's history nor the list of processes shows it.
// An older Node, which must come as far as `bootstrap`, has no `argon2Sync` to import by name: hence the whole of crypto.
import crypto from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bootstrap, fail } from './bootstrap.mjs';

bootstrap(fileURLToPath(import.meta.url));
if (process.stdin.isTTY) process.stderr.write('The password (it is shown as you type): ');
const { value: password = '' } = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
if (password === '') fail('Give a password on standard input: read -rs p; printf %s "$p" | npm run -s hash-password');

const work = { memory: 19_456, passes: 2, parallelism: 1 };
const nonce = crypto.randomBytes(16);
const key = crypto.argon2Sync('argon2id', { ...work, message: password, nonce, tagLength: 32 });
const base64 = (bytes) => bytes.toString('base64').replaceAll('=', '');
const { memory, passes, parallelism } = work;
console.log(`$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(key)}`);
process.exit(0);
