import { incidentNumber } from "#lib/domain/incident/incident.ts";

/** The parts of a scope that words need; the same as a bundle's manifest holds. */
type Scope =
  | { kind: "log" }
  | { kind: "incident"; number: number }
  | { kind: "period"; from: number; to: number }
  | { kind: "person" }
  | { kind: "model"; model: string }
  | { kind: "prompt"; prompt: string };

/** `before` in our words, `name` as somebody else wrote it. */
export function scopeWords(
  scope: Scope,
  person: string | null,
): { before: string; name: string | null } {
  switch (scope.kind) {
    case "log":
      return { before: "The whole trail", name: null };
    case "incident":
      return { before: "Incident", name: incidentNumber(scope.number) };
    case "period":
      return {
        before: `Entries ${scope.from.toLocaleString("en")} to ${scope.to.toLocaleString("en")}`,
        name: null,
      };
    case "person":
      return { before: "By", name: person };
    case "model":
      return { before: "Model", name: scope.model };
    case "prompt":
      return { before: "Prompt", name: scope.prompt };
  }
}

const UNITS = ["B", "kB", "MB", "GB"] as const;

/** `812 B`, `1.4 MB`; by thousands. */
export function bytesWords(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1000 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toFixed(digits)} ${UNITS[unit]}`;
}

/** How far, of 100; null while nobody has counted yet. What goes on is never whole. */
export function progressPercent(done: number, total: number | null): number | null {
  if (total === null) return null;
  return total === 0 ? 0 : Math.min(99, Math.floor((100 * done) / total));
}

/** The command that verifies a bundle after it is unpacked, with what comes with every system. */
export function verifyCommand(fileName: string): string {
  return `tar -xzf ${fileName} && sh ${fileName.replace(/\.tar\.gz$/, "")}/verify.sh ${fileName.replace(/\.tar\.gz$/, "")}`;
}
