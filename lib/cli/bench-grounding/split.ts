/** Which incidents the verifier's rules may be written against, and which only judge them. */
import { createHash } from "node:crypto";

export type Side = "dev" | "held-out";

/**
 * The incident a sample file belongs to: files of one scenario (host log and network sensors) share
 * the time stamp in their names or the folder they lie in, and must fall on the same side.
 */
export function incidentOf(path: string): string {
  const parts = path.toLowerCase().split("/");
  const name = parts.at(-1) ?? path;
  const stamp = /\d{4}-\d{2}-\d{2,}/.exec(name)?.[0];
  if (stamp) return stamp;
  const folder = parts.at(-2) ?? "";
  if (parts[0] === "zeek" && parts.length > 2) return folder;
  return name.split(".")[0] ?? name;
}

/** A coin thrown once for each incident; nobody chooses. */
export function sideOf(incident: string): Side {
  const digest = createHash("sha256").update(`countersign held-out split 1:${incident}`).digest();
  return (digest[0] ?? 0) % 2 === 0 ? "dev" : "held-out";
}

/** The four ExCyTIn incidents are split by hand, since four coins may all fall alike. */
export const EXCYTIN_SIDES: Record<number, Side> = {
  5: "dev",
  38: "dev",
  34: "held-out",
  134: "held-out",
};
