// An upstream in a process of its own: it takes a body whole, and answers with 4 MB. It ends with its stdin.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const large = Buffer.alloc(4 * 1024 * 1024, 'x');
const server = createServer((req, res) => {
  req.resume();
  req.once('end', () => res.end(large));
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`),
);
process.stdin.once('close', () => process.exit(0));
process.stdin.resume();
