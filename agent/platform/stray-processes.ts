import { readdirSync, readFileSync } from 'node:fs';

/** What is started meanwhile is found by the next round. */
const mostRounds = 20;

/**
 * Ends the processes that were started with this variable, `NAME=value`, and have left their group (setsid(1)); of Linux
 * alone. A program that empties its environment is not found. proc_pid_environ(5)
 */
export function endStrays(variable: string): void {
  for (let round = 0; round < mostRounds; round += 1) {
    const strays = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && variablesOf(pid).includes(variable));
    if (strays.length === 0) return;
    for (const pid of strays) end(Number(pid));
  }
}

/** None of a process that is gone meanwhile, waits to be collected, or is not ours to read. */
function variablesOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
