import { WRITE_STEPS } from "#lib/signing/durable.ts";

/** Where a drill may strike: the steps of a durable write, and those of the log besides. */
export const FAULT_STEPS = [...WRITE_STEPS, "read", "save", "saved"] as const;
export type FaultStep = (typeof FAULT_STEPS)[number];
/** `kill`: the process is gone before the step. `error`: the step fails as a disk does, with EIO. */
export type Fault = { step: FaultStep; how: "kill" | "error"; nth: number };

export function faultArg({ step, how, nth }: Fault): string {
  return `${how}:${step}:${nth}`;
}

/** Strikes the nth time that its step comes, once. */
export function faultFrom(arg: string): (step: FaultStep) => void {
  const [how, step, nth] = arg.split(":");
  let left = Number(nth);
  return (at) => {
    if (at !== step || (left -= 1) !== 0) return;
    if (how === "kill") process.kill(process.pid, "SIGKILL");
    else throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
  };
}
