// No child outlives its parent. One small shell process per parent keeps the list of the parent's children and reads the
// parent's end of a pipe; when that closes, however the parent died (SIGKILL included), it ends every process group on the
// list: first with the signal that the child stops cleanly on, then - when it is gone, or after five seconds - its group with
// SIGKILL.
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Writable } from 'node:stream';

const script = `
trap '' INT TERM HUP
list=''
while read -r verb signal pid; do
  case "$verb" in
    add) list="$list $signal:$pid" ;;
    drop) kept=''; for entry in $list; do [ "\${entry#*:}" = "$pid" ] || kept="$kept $entry"; done; list="$kept" ;;
  esac
done
for entry in $list; do kill -s "\${entry%%:*}" "\${entry#*:}" 2>/dev/null; done
rounds=0
while [ $rounds -lt 50 ]; do
  alive=''
  for entry in $list; do
    pid="\${entry#*:}"
    if kill -0 "$pid" 2>/dev/null; then alive=yes; else kill -s KILL -- "-$pid" 2>/dev/null; fi
  done
  [ -n "$alive" ] || exit 0
  sleep 0.1
  rounds=$((rounds + 1))
done
for entry in $list; do kill -s KILL -- "-\${entry#*:}" 2>/dev/null; done
`;

let running: ChildProcessByStdio<Writable, null, null> | undefined;

const watchdog = (): ChildProcessByStdio<Writable, null, null> => {
  if (running && running.exitCode === null && running.signalCode === null) return running;
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // The watchdog must not keep its parent alive, nor fail it when it is killed.
  child.unref();
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  running = child;
  return child;
};

/** Guards the process group led by `pid`; call the returned function when it has ended. */
export const guardAgainstOrphaning = (pid: number, stopSignal: 'TERM' | 'INT'): (() => void) => {
  watchdog().stdin.write(`add ${stopSignal} ${pid}\n`);
  return () => {
    watchdog().stdin.write(`drop ${stopSignal} ${pid}\n`);
  };
};
