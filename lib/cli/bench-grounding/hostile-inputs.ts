/** A megabyte of trouble in each place a claim or a record has, with the time it takes. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { type DraftClaim, UNUSED } from "#lib/domain/summary/claim.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";

export type HostileResult = {
  place: string;
  text: string;
  ms: number;
  standing: string;
  refusal: string;
};

const MEGABYTE = 1_000_000;
const TEXTS: Record<string, string> = {
  digits: "1",
  "dotted numbers": "1.",
  "e-mail starts": "a@",
  brackets: "[(",
  backslashes: "\\",
  blanks: " ",
  colons: "a:",
  "zero-width spaces": "\u200b",
  "combining marks": "a\u0301",
  words: "not all of ",
  "path parts": "/a",
  hyphens: "a-",
};

const PLACES = [
  "claim text",
  "quote",
  "predicate value",
  "query",
  "record field",
  "raw text",
] as const;

/** Each text in each place, on three records; a claim over 4,000 characters must be refused. */
export function runHostile(): HostileResult[] {
  verify(claimWith("claim text", "warm-up"), "record field", "warm-up");
  return PLACES.flatMap((place) =>
    Object.entries(TEXTS).map(([name, unit]) => {
      const text = unit.repeat(Math.ceil(MEGABYTE / unit.length)).slice(0, MEGABYTE);
      const claim = claimWith(place, text);
      const startedAt = performance.now();
      const verified = verify(claim, place, text);
      const ms = performance.now() - startedAt;
      const refusal = verified.checks.find(({ effect }) => effect !== "supported");
      const reason = refusal ? `${refusal.check}: ${refusal.found}`.slice(0, 120) : "";
      return { place, text: name, ms, standing: verified.standing, refusal: reason };
    }),
  );
}

function claimWith(place: string, text: string): DraftClaim {
  const isText = place === "claim text";
  return {
    text: isText ? text : "jdoe ran cmd.exe on ws-014.",
    kind: "observation",
    polarity: "affirmed",
    citations: [{ id: "E1", quote: place === "quote" ? text : "jdoe" }],
    predicates: [
      {
        ...UNUSED,
        op: "field",
        evidence: ["E1"],
        field: "user",
        value: place === "predicate value" ? text : "jdoe",
      },
      { ...UNUSED, op: "count", where: place === "query" ? `host=${text}` : "host=ws-014", n: 3 },
    ],
  };
}

function verify(claim: DraftClaim, place: string, text: string) {
  const line = place === "record field" ? text : "cmd.exe /c whoami";
  const records = [1, 2, 3].map((position) => recordOf(position, line));
  const raw = `{"user":"jdoe","host":"ws-014"} ${place === "raw text" ? text : line}`;
  const [verified] = verifyClaims([claim], { records, rawText: () => raw, capped: false });
  return verified!;
}

function recordOf(position: number, line: string): EvidenceRecord {
  return {
    id: `r${position}`,
    position,
    kind: "event",
    format: "generic",
    sourceId: "edge",
    sourceName: "edge",
    time: `2026-03-01T02:0${position}:00.000Z`,
    timeQuality: "exact",
    receivedAt: "2026-03-01T03:00:00.000Z",
    severity: null,
    title: "",
    fields: {
      user: "jdoe",
      host: "ws-014",
      "process.name": "cmd.exe",
      "event.code": "1",
      "process.command_line": line,
    },
  };
}
