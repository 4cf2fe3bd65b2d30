import { SEVERITIES } from "./severity.ts";
import type { Severity } from "./severity.ts";

/** Minutes by severity: until somebody must have taken an incident, and until somebody must have judged it. */
export type SlaMinutes = {
  assign: Record<Severity, number>;
  decide: Record<Severity, number>;
};

export const SLA_CLOCKS = ["assign", "decide"] as const;
export type SlaClock = (typeof SLA_CLOCKS)[number];

/** 90 days. */
export const SLA_MINUTES_MAX = 129_600;

export type SlaFault = { clock: SlaClock; severity: Severity; sentence: string };

/** Everything that is wrong with them; the database holds the same. */
export function slaFaults(minutes: SlaMinutes): SlaFault[] {
  const faults: SlaFault[] = [];
  for (const clock of SLA_CLOCKS) {
    for (const [at, severity] of SEVERITIES.entries()) {
      const value = minutes[clock][severity];
      const milder = SEVERITIES[at - 1];
      const add = (sentence: string) => faults.push({ clock, severity, sentence });
      if (!Number.isInteger(value) || value < 1 || value > SLA_MINUTES_MAX)
        add("From one minute to 90 days.");
      else if (clock === "decide" && value < minutes.assign[severity])
        add("Nothing is judged before it must be taken.");
      else if (milder && value > minutes[clock][milder]) add(`Longer than for ${milder}.`);
    }
  }
  return faults;
}

const UNITS: readonly [unit: string, minutes: number][] = [
  ["d", 1_440],
  ["h", 60],
  ["min", 1],
];

/** `1 d 4 h 30 min` */
export function minutesText(minutes: number): string {
  let rest = minutes;
  const parts = UNITS.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count} ${unit}` : "";
  });
  return parts.filter(Boolean).join(" ") || "0 min";
}

/** Minutes from `15 min`, `4h`, `1 d 12 h` or a bare number of minutes; null: none of these. */
export function readMinutes(text: string): number | null {
  const words = text.trim().toLowerCase();
  if (/^\d{1,6}$/.test(words)) return Number(words);
  const read =
    /^(?:(\d{1,4})\s*d(?:ays?)?)?\s*(?:(\d{1,5})\s*h(?:ours?)?)?\s*(?:(\d{1,6})\s*m(?:in(?:utes?)?)?)?$/.exec(
      words,
    );
  if (!read || words === "") return null;
  const [, days = "0", hours = "0", minutes = "0"] = read;
  return Number(days) * 1_440 + Number(hours) * 60 + Number(minutes);
}
