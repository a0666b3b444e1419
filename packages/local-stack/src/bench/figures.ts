// What every measuring command (`npm run bench:*`, `sim:*`, `smoke`) shares: a table for people, one line of JSON for
// programs, and an exit code that speaks only of whether it could measure, never of whether a figure was good enough.
//
//   import { inTurns, median, reportFigures } from '@sluice/local-stack/figures';
//   await reportFigures(async ({ say }) => {
//     const [small = [], large = []] = await inTurns(3, [() => measureSmall(), () => measureLarge()]);
//     say('compared');                                          // progress, on stderr
//     return [{ name: 'decide, 1,000 tenants / 1', value: median(large) / median(small), unit: 'ratio', atMost: 1.2 }];
//   });
//
// A program in `<package>/bench/<name>.ts` gets its command by a line in scripts/bench.mjs and one in package.json.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

export interface Measured {
  readonly name: string;
  readonly value: number;
  /** `ratio`, `%`, `ms`, `µs`, `MB`, `units` ... */
  readonly unit: string;
  /** What the figure must reach: from above or from below. Neither: it is only told. */
  readonly atMost?: number;
  readonly atLeast?: number;
  /** What would be better still, on the same side. */
  readonly better?: number;
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly reach: number | null;
  readonly better: number | null;
  /** null: there is nothing to reach. */
  readonly met: boolean | null;
}

export interface Reporting {
  /** A line of progress for people: on stderr, so that stdout holds results only. */
  readonly say: (line: string) => void;
}

/**
 * Measures, then prints. `--json` among the arguments chooses the line for programs. A measurement that throws, or that
 * yields something other than a number, ends the process with code 1 after its cleanup has run.
 */
export const reportFigures = async (
  measure: (reporting: Reporting) => Promise<readonly Measured[]>,
  args: readonly string[] = process.argv,
): Promise<void> => {
  try {
    const measured = await measure({ say: (line) => void process.stderr.write(`  ${line}\n`) });
    const broken = measured.find(({ value }) => !Number.isFinite(value));
    if (broken !== undefined) throw new Error(`"${broken.name}" could not be measured: ${broken.value}`);
    const figures = measured.map(figureOf);
    const where = { machine: machine(), commit: commit() };
    process.stdout.write(
      args.includes('--json') ? `${JSON.stringify({ figures, ...where })}\n` : table(figures, where),
    );
  } catch (error) {
    process.stderr.write(`  Nothing was measured: ${error instanceof Error ? (error.stack ?? error.message) : ''}\n`);
    process.exitCode = 1;
  }
};

/** Runs contestants in turn, `rounds` times (three at least): a machine that slows down slows all of them. */
export const inTurns = async <Result>(
  rounds: number,
  contestants: readonly (() => Promise<Result> | Result)[],
): Promise<Result[][]> => {
  const results = contestants.map((): Result[] => []);
  for (let round = 0; round < Math.max(3, rounds); round += 1) {
    for (const [index, contestant] of contestants.entries()) results[index]?.push(await contestant());
  }
  return results;
};

export const median = (numbers: readonly number[]): number => percentile(numbers, 0.5);

/** The smallest of `numbers` that `share` of them do not exceed (nearest rank). NaN when there are none. */
export const percentile = (numbers: readonly number[], share: number): number => {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
};

const figureOf = ({ name, value, unit, atMost, atLeast, better }: Measured): Figure => ({
  name,
  value,
  unit,
  reach: atMost ?? atLeast ?? null,
  better: better ?? null,
  met: atMost === undefined && atLeast === undefined ? null : value <= (atMost ?? value) && value >= (atLeast ?? value),
});

const table = (figures: readonly Figure[], { machine, commit }: { machine: string; commit: string }): string => {
  const rows = figures.map(({ name, value, unit, reach, met }) => [
    name,
    `${rounded(value)} ${unit}`,
    reach === null ? '' : `reach ${rounded(reach)}`,
    met === null ? '' : met ? 'met' : 'NOT met',
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`);
  return `${[...lines.map((line) => line.trimEnd()), `  ${machine}, commit ${commit}`].join('\n')}\n`;
};

const rounded = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en') : Number(value.toPrecision(4)).toString();

const machine = (): string => `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`;

/** With `+` when the working tree differs from it. */
const commit = (): string => {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
};
