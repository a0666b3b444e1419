// Who runs where: what is measured has core 0 for itself, everything around it (load, upstream, Redis, the change feed,
// this program) shares core 1. CPU is what the operating system charged to a whole process group: a master with its
// workers, a process with all its threads.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { startProcess, type ProcessOptions, type RunningProcess } from '@sluice/local-stack';

export const measuredCore = 0;
export const aroundCore = 1;

// Linux counts CPU in hundredths of a second (man 5 proc, USER_HZ).
const microsecondsATick = 10_000;

/** Puts this program, and what it starts unpinned, on the core for everything around. */
export function pinThisProgram(): void {
  if (process.platform !== 'linux' || availableParallelism() < 2)
    throw new Error('Pinned processes and /proc are needed: run it on Linux with two cores or more.');
  execFileSync('taskset', ['--all-tasks', '--pid', '--cpu-list', String(aroundCore), String(process.pid)]);
}

export async function startPinned(core: number, options: ProcessOptions): Promise<RunningProcess> {
  const { command, args = [] } = options;
  return startProcess({ ...options, command: 'taskset', args: ['--cpu-list', String(core), command, ...args] });
}

/** User and system time, in µs, of the process group that `leader` leads. */
export function cpuUsOf(leader: number): number {
  let ticks = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const fields = statOf(entry);
    // Behind the name: state, parent, group (fields 3, 4, 5); user and system time (14, 15).
    if (Number(fields[2]) === leader) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * microsecondsATick;
}

// A process may end between the listing and the look.
function statOf(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
