// The process: its streams, its environment and its exit code. Everything else is `run`.
import { run } from './run.js';

// Whoever reads our output may stop early (`| head`): that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));

process.exitCode = await run(process.argv.slice(2), process);
