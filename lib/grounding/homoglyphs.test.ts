import { expect, test } from "vitest";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { buildDictionary } from "./dictionary.ts";
import { indexEvidence } from "./evidence-index.ts";
import { extractEntities } from "./extract.ts";
import { foldHomoglyphs } from "./homoglyphs.ts";

const none = () => false;

test.each<[string, string, string]>([
  ["Cyrillic among Latin letters", "p\u043ewershell.exe", "powershell.exe"],
  ["a host's capitals", "W\u0405-014", "WS-014"],
  ["one foreign letter before digits", "\u04221059.001", "T1059.001"],
  ["Greek omicron in a domain", "c\u03bfrp.example", "corp.example"],
  ["a path's drive", "\u0421:\\Temp\\x.exe", "C:\\Temp\\x.exe"],
  [
    "a word of another language stays",
    "\u0444\u0430\u0439\u043b.txt",
    "\u0444\u0430\u0439\u043b.txt",
  ],
  ["a foreign word of look-alikes alone stays", "\u0441\u043e\u0440", "\u0441\u043e\u0440"],
  ["accents are no disguise", "caf\u00e9-pc", "caf\u00e9-pc"],
])("%s", (_, text, latin) => {
  expect(foldHomoglyphs(text, none)).toBe(latin);
  expect(foldHomoglyphs(text, none)).toHaveLength(text.length);
});

test("a word of look-alikes alone is folded when the incident knows it in Latin letters", () => {
  const isKnown = (token: string) => token === "cop";
  expect(foldHomoglyphs("\u0441\u043e\u0440", isKnown)).toBe("cop");
});

function record(fields: EvidenceRecord["fields"]): EvidenceRecord {
  return {
    id: "r1",
    position: 1,
    kind: "event",
    format: "generic",
    sourceId: "s",
    sourceName: "dns",
    time: null,
    timeQuality: "missing",
    receivedAt: "2026-03-01T03:00:00.000Z",
    severity: null,
    title: "",
    fields,
  };
}

const read = (text: string, question: string) =>
  extractEntities(text, buildDictionary(indexEvidence([record({ "dns.question": question })])));

test("an attacker's look-alike domain that stands in the evidence is its own name", () => {
  const lookAlike = "p\u0430ypal.com";
  expect(read(`It asked for ${lookAlike}.`, lookAlike)).toMatchObject([{ text: lookAlike }]);
  expect(read("It asked for paypal.com.", lookAlike)).toMatchObject([{ text: "paypal.com" }]);
});

test("a true name in look-alike letters is read as the name", () => {
  expect(read("It asked for p\u0430ypal.com.", "paypal.com")).toMatchObject([
    { text: "paypal.com", start: 13, end: 23 },
  ]);
});
