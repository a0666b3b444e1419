// What a process holds of the machine's memory, as Linux tells it.
import { readFileSync } from 'node:fs';

/** Throws when the process is gone: a test of memory must not pass by it. */
export function residentBytesOf(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`process ${pid} has ended`);
  return Number(kibibytes) * 1024;
}
