import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type DraftClaim, type Predicate, UNUSED } from "#lib/domain/summary/claim.ts";
import type { ClaimsVerdict, JudgedClaim } from "./verify-claims-against.ts";

/** A folder with files, and the command run in it as a person would. */
export type Desk = {
  folder: string;
  write: (name: string, content: string | Uint8Array) => string;
  run: (...args: string[]) => { status: number | null; stdout: string; stderr: string };
  /** Runs with `--json`, which must succeed, and reads what was written. */
  judge: (...args: string[]) => Written;
  close: () => void;
};

/** What `--json` writes. */
export type Written = Pick<ClaimsVerdict, "verifier" | "totals"> & {
  events: ClaimsVerdict["events"] & {
    files: {
      file: string;
      source: string;
      sha256: string;
      bytes: number;
      by: string;
      first: number;
      last: number;
    }[];
  };
  claims: { file: string; sha256: string; form: string };
  verdicts: (JudgedClaim & { refused?: string })[];
};

export function openDesk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), "verify-claims-"));
  const command = resolve("lib/cli/verify-claims.ts");
  const run: Desk["run"] = (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    return { status, stdout, stderr };
  };
  return {
    folder,
    write: (name, content) => {
      writeFileSync(join(folder, name), content);
      return name;
    },
    run,
    judge: (...args) => {
      const { status, stderr } = run(...args, "--json", "out.json");
      if (status !== 0) throw new Error(`exit ${status}: ${stderr}`);
      return JSON.parse(readFileSync(join(folder, "out.json"), "utf8")) as Written;
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

export const lines = (...records: unknown[]) =>
  records.map((r) => `${typeof r === "string" ? r : JSON.stringify(r)}\n`).join("");

/** Three logons at a door: two refused, one let in. */
export const LOGONS = [1, 2, 3].map((n) => ({
  id: `logon-${n}`,
  kind: "event",
  time: `2026-03-01T02:2${n}:00Z`,
  action: "logon",
  host: "dc01",
  user: "asmith",
  "source.ip": "10.0.3.71",
  outcome: n < 3 ? "failure" : "success",
}));

export const predicate = (op: Predicate["op"], more: Partial<Predicate>): Predicate => ({
  ...UNUSED,
  op,
  ...more,
});

/** "2 failed logons of asmith", with its count; `more` bends it. */
export function failedLogons(more: Partial<DraftClaim> = {}): DraftClaim {
  return {
    text: "2 failed logons for asmith from 10.0.3.71.",
    kind: "count",
    polarity: "affirmed",
    citations: [{ id: "E1", quote: "10.0.3.71" }],
    predicates: [
      predicate("count", {
        where: "action=logon & outcome=failure & user=asmith & source.ip=10.0.3.71",
        cmp: "eq",
        n: 2,
      }),
    ],
    ...more,
  };
}
