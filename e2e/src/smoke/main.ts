// `npm run smoke [-- --json] [-- --break <what>]`: brings the stack up on free ports, runs the smoke, prints each
// number with what it must be, takes everything down, and exits non-zero on any difference.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { bootPlatform } from '../platform.js';
import { breakages, type Breakage } from './breaks.js';
import type { Check } from './checks.js';
import { runSmoke } from './run.js';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, break: { type: 'string' } } });
const breakage = values.break;
if (breakage !== undefined && !isBreakage(breakage)) {
  process.stderr.write(`--break takes one of: ${Object.keys(breakages).join(', ')}\n`);
  process.exit(2);
}

const startedAt = performance.now();
const onProgress = (line: string): void => {
  process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
};
const platform = await bootPlatform(onProgress);
let isGood = false;
try {
  const checks = await runSmoke(platform, { requests: 1000, limit: 900, breakage, onProgress });
  isGood = checks.every((check) => check.isMet);
  process.stdout.write(values.json ? asJson(checks) : asTable(checks));
} finally {
  onProgress('taking everything down');
  await platform.stop();
}
process.exit(isGood ? 0 : 1);

function isBreakage(text: string): text is Breakage {
  return Object.hasOwn(breakages, text);
}

function asTable(checks: readonly Check[]): string {
  const width = Math.max(...checks.map((check) => check.name.length));
  const lines = checks.map(
    ({ name, value, must, isMet }) =>
      `  ${isMet ? 'ok   ' : 'WRONG'}  ${name.padEnd(width)}  ${String(value).padStart(6)}   must be ${must}`,
  );
  const wrong = checks.filter((check) => !check.isMet).length;
  return `\n${lines.join('\n')}\n\n  ${wrong === 0 ? 'Every number is what it must be.' : `${wrong} of ${checks.length} numbers are wrong.`}\n\n`;
}

function asJson(checks: readonly Check[]): string {
  const figures = checks.map(({ name, value, must, isMet }) => ({
    name,
    value,
    unit: 'count',
    reach: must,
    better: must,
    met: isMet,
  }));
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  return `${JSON.stringify({ figures, machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`, commit })}\n`;
}
