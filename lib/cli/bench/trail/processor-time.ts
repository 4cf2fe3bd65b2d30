import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second (USER_HZ). */
const TICK_MS = 10;

/** Processor time in ms, user and system, that these processes have used; null where there is no /proc. */
export function processorMs(pids: readonly number[]): number | null {
  try {
    return pids.reduce((sum, pid) => sum + ticksOf(pid, [11, 12]) * TICK_MS, 0);
  } catch {
    return null;
  }
}

/** The same of the children of this process that have ended. */
export function childrenMs(): number | null {
  try {
    return ticksOf(process.pid, [13, 14]) * TICK_MS;
  } catch {
    return null;
  }
}

function ticksOf(pid: number, fields: number[]): number {
  // the name before may hold blanks and brackets (proc_pid_stat(5))
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const values = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields.reduce((sum, field) => sum + Number(values[field]), 0);
}

/** The most memory this process ever had resident, in MB; null where there is no /proc. */
export function peakMb(): number | null {
  try {
    const [, kb] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return kb === undefined ? null : Math.round((Number(kb) * 1024) / 1e6);
  } catch {
    return null;
  }
}
