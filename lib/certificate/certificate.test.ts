/** A certificate is read back from its bytes, by another reader, and its code by another decoder. */
import fc from "fast-check";
import jsQR from "jsqr";
import { getDocumentProxy } from "unpdf";
import { expect, test } from "vitest";
import { accountOf, answersOf, certificateState } from "#lib/domain/decision/account.ts";
import type { AccountFacts } from "#lib/domain/decision/account.ts";
import { certificateCode, certificateOf } from "#lib/domain/decision/certificate.ts";
import type { CertificateFacts } from "#lib/domain/decision/certificate.ts";
import { drawCertificate } from "./draw-certificate.ts";
import { printable, printableSentence, wrapText } from "./printable.ts";
import { said, sentence } from "#lib/domain/sentence.ts";

const AT = new Date("2026-03-01T02:20:00.000Z");

function accountFacts(more: Partial<AccountFacts> = {}): AccountFacts {
  const content = {
    kind: "containment" as const,
    reason: "Stop it from spreading.",
    actions: [{ action: "isolate_host" as const, target: "web-1" }],
  };
  return {
    kind: "containment",
    state: "in_effect",
    content,
    statement: {
      v: 2,
      kind: "containment",
      meaning:
        "I have reviewed this incident and approve that these response actions are carried out on these targets.",
      content,
      incident: {
        id: "0",
        number: 123,
        severity: "high",
        title: "Password spray against the web farm",
        version: 4,
        types: ["credential-access"],
      },
      blastRadius: "one_endpoint",
      evidence: { count: 12, root: "ab".repeat(32) },
      claims: {
        hash: "cd".repeat(32),
        waived: [{ id: "w", standing: "unsupported", text: "Nobody else was hit." }],
      },
      modelRuns: [],
      proposer: { id: "p", name: "Ana" },
      policy: { version: 3, signOffs: 1, minRole: "lead", assurance: "passkey" },
      expiresMinutes: 60,
      nonce: "n",
    },
    proposer: { name: "Ana", role: "analyst" },
    proposedAt: "2026-03-01T02:14:07.000Z",
    settledAt: "2026-03-01T02:19:31.000Z",
    refusals: [],
    breakGlass: false,
    secondReview: null,
    evidence: { alertCount: 2, records: ["E1"], observables: [], techniques: [] },
    claims: [
      { text: "c", standing: "supported", words: "", labels: ["E1"], reviews: [] },
      { text: "d", standing: "supported", words: "", labels: ["E1"], reviews: [] },
      { text: "e", standing: "unsupported", words: "", labels: [], reviews: [] },
    ],
    signOffs: [
      {
        who: "Lea",
        role: "lead",
        isProposer: false,
        outcome: "approved",
        assurance: "passkey",
        reason: null,
        at: "2026-03-01T02:19:31.000Z",
        void: null,
        opened: ["E1"],
      },
    ],
    responses: [
      { action: "isolate_host", target: "web-1", outcome: "verified", detail: null, checked: null },
    ],
    entries: [41, 44, 45].map((seq) => ({ seq, kind: "decision.x", leaf: "0", sealedSize: 50 })),
    erasure: null,
    cutOff: false,
    ...more,
  };
}

function certificateFacts(account: AccountFacts = accountFacts()): CertificateFacts {
  return {
    account,
    number: "INC-000123",
    statementSha256: "0f".repeat(32),
    entry: { seq: 45, leaf: "7e".repeat(32) },
    seal: {
      origin: "countersign/example/trail",
      size: 50,
      root: Buffer.alloc(32, 9).toString("base64"),
      signedAt: AT.toISOString(),
      witness: { name: "witness.example/w1", at: "2026-03-01T02:20:02.000Z" },
    },
  };
}

const drawn = (facts: CertificateFacts) => drawCertificate(certificateOf(facts), AT);

type Run = { str: string; x: number; y: number; width: number };

async function read(pdf: Buffer) {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const page = await document.getPage(1);
  const { items } = await page.getTextContent();
  const runs = items.flatMap((item): Run[] =>
    "str" in item && item.str.trim() !== ""
      ? [{ str: item.str, x: item.transform[4], y: item.transform[5], width: item.width }]
      : [],
  );
  const facts = {
    pages: document.numPages,
    view: page.view,
    links: await page.getAnnotations(),
    scripts: await document.getJSActions(),
    info: (await document.getMetadata()).info as Record<string, unknown>,
    runs,
    text: runs.map(({ str }) => str).join(" "),
  };
  await document.loadingTask.destroy();
  return facts;
}

/** The dark modules as the page draws them, made a picture of four dots a module and read by a decoder. */
function decode(pdf: Buffer): string | null {
  const squares = [...pdf.toString("latin1").matchAll(/([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re\n/g)]
    .map(([, ...numbers]) => numbers.map(Number) as [number, number, number, number])
    .filter(([, , width, height]) => width === height && width < 5);
  const side = squares[0]![2] / 4;
  const [left, top] = [0, 1].map((axis) => Math.min(...squares.map((square) => square[axis]!)));
  const dots = Math.round((Math.max(...squares.map(([x]) => x)) - left!) / side) + 4 + 32;
  const pixels = new Uint8ClampedArray(dots * dots * 4).fill(255);
  for (const [x, y] of squares) {
    const [column, row] = [Math.round((x - left!) / side) + 16, Math.round((y - top!) / side) + 16];
    for (let dot = 0; dot < 16; dot += 1) {
      const at = ((row + Math.floor(dot / 4)) * dots + column + (dot % 4)) * 4;
      pixels.fill(0, at, at + 3);
    }
  }
  return jsQR(pixels, dots, dots)?.data ?? null;
}

test("what was decided, by whom, with what effect and what proves it is on one A4 page", async () => {
  const pdf = await drawn(certificateFacts());
  const { pages, view, text, links, scripts, info } = await read(pdf);
  expect(pages).toBe(1);
  expect(view).toEqual([0, 0, 595.28, 841.89]);
  for (const words of [
    "Containment of INC-000123",
    "In effect since 2026-03-01 02:19:31 UTC",
    "I have reviewed this incident and approve",
    "Reason given: “Stop it from spreading.”",
    "Proposed 2026-03-01 02:14:07 UTC by “Ana”.",
    "Signed 2026-03-01 02:19:31 UTC with a passkey over the",
    "by a lead, “Lea”.",
    "Matches the evidence: 2; Not in the evidence: 1.",
    "Not in the evidence: “Nobody else was hit.”",
    "Response verified: isolate host on “web-1”.",
    "0f".repeat(32),
    "45 (its leaf index)",
    "7e".repeat(32),
    "41, 44, 45",
    "countersign/example/trail",
    Buffer.alloc(32, 9).toString("base64"),
    "2026-03-01 02:20:00 UTC",
    "witness.example/w1, 2026-03-01 02:20:02 UTC",
    "WHAT IT DOES NOT PROVE",
  ])
    expect(text).toContain(words);
  expect(text).not.toMatch(/\btrue\b|was cut to fit/i);
  expect([links, scripts]).toEqual([[], null]);
  expect(info.Title).toBe("Certificate of a decision");
});

test("its code, read from the drawn squares, holds the checkpoint and the decision's entry", async () => {
  const facts = certificateFacts();
  const code = decode(await drawn(facts));
  expect(code).toBe(certificateCode(facts));
  expect(code!.split("\n")).toEqual([
    "countersign/certificate@v1",
    "countersign/example/trail",
    "50",
    facts.seal.root,
    `entry 45 ${"7e".repeat(32)}`,
    "",
  ]);
});

test("the same decision at the same checkpoint gives the same bytes, another one others", async () => {
  const [first, second] = await Promise.all([drawn(certificateFacts()), drawn(certificateFacts())]);
  expect(second.equals(first)).toBe(true);
  const later = certificateFacts();
  const other = await drawn({ ...later, seal: { ...later.seal, size: 51 } });
  expect(other.equals(first)).toBe(false);
});

test("of a closure of several it lists the entries under the first one, and says that there are others", async () => {
  const { statement } = accountFacts();
  const { incident, evidence } = statement;
  const stated = { ...incident, evidence, claims: "cd".repeat(32) };
  const bulk = { severities: [], types: [], incidents: [stated, stated, stated] };
  const account = accountFacts({ kind: "closure", statement: { ...statement, bulk } });
  const { text } = await read(await drawn(certificateFacts(account)));
  expect(text).toContain("Its entries under INC-000123: 41, 44, 45; not listed: any under 2 other");
  expect(text).not.toContain("All its entries");
});

test("a signature that did not count is marked, and answers nothing", async () => {
  const [plain] = accountFacts().signOffs;
  const account = accountFacts({ signOffs: [{ ...plain!, void: "passkey_revoked" }] });
  const { text } = await read(await drawn(certificateFacts(account)));
  expect(text).toContain("(did not count: passkey revoked)");
  expect(JSON.stringify(accountOf(account))).toContain("(did not count: passkey revoked)");
  const held = answersOf(account);
  expect(["signed", "apart", "opened"].filter((one) => held.has(one as "signed"))).toEqual([]);
  expect(answersOf(accountFacts({ signOffs: [plain!, ...account.signOffs] }))).toContain("signed");
});

test("where its first entry was not read there is none, whatever the others are", () => {
  expect(certificateState(accountFacts())).toBe("ready");
  expect(certificateState(accountFacts({ cutOff: true }))).toBe("cut_off");
  expect(certificateState(accountFacts({ cutOff: true, entries: [] }))).toBe("cut_off");
});

const HOSTILE =
  "\u202Egnp.exe\u202C (javascript:alert(1)) Tj ET \\) <U+202E> 日本 \u200B\u0000\n%%EOF ”, a lead";

function longest(text: string): AccountFacts {
  const plain = accountFacts();
  const [signOff, response] = [plain.signOffs[0]!, plain.responses[0]!];
  const many = (count: number) => Array.from({ length: count });
  return accountFacts({
    statement: {
      ...plain.statement,
      content: {
        kind: "containment",
        reason: text,
        actions: many(20).map(() => ({ action: "isolate_host", target: text })),
      },
      incident: { ...plain.statement.incident, title: text },
      claims: {
        hash: "cd".repeat(32),
        waived: many(40).map(() => ({ id: "w", standing: "contradicted", text })),
      },
      proposer: { id: "p", name: text },
    },
    proposer: { name: text, role: "analyst" },
    signOffs: many(9).map(() => ({ ...signOff, who: text, reason: text })),
    responses: many(20).map(() => ({ ...response, target: text })),
    secondReview: { outcome: "upheld", words: text, who: text, at: AT.toISOString() },
    entries: many(300).map((_, n) => ({ seq: 1_000_000 + n, kind: "", leaf: "", sealedSize: 9 })),
  });
}

test("whatever is said, it is one page, nothing lies over the edge, and what was cut is said", async () => {
  for (const text of [
    HOSTILE.repeat(60),
    "W".repeat(5_000),
    "\u{10FFFF}".repeat(2_000),
    "i ".repeat(3_000),
  ]) {
    const facts = certificateFacts(longest(text));
    const pdf = await drawn(facts);
    const { pages, runs, text: words, links } = await read(pdf);
    expect([pages, links.length]).toEqual([1, 0]);
    for (const { x, y, width } of runs) {
      expect(x).toBeGreaterThanOrEqual(40);
      expect(x + width).toBeLessThanOrEqual(555);
      expect(y).toBeGreaterThanOrEqual(40);
    }
    expect(words).toContain("What ends in … was cut to fit this page");
    expect(words).toMatch(/… and \d+ more sentences of the statement\./);
    expect(words).toContain("And 5 more signatures, on the trail.");
    expect(
      words.match(
        /Signed 2026-03-01 02:19:31 UTC with a passkey over the statement's hash by a lead/g,
      ),
    ).toHaveLength(4);
    expect(decode(pdf)).toBe(certificateCode(facts));
    expect(pdf.toString("latin1")).not.toMatch(
      /\/(JavaScript|JS|URI|Launch|OpenAction|EmbeddedFile)\b/,
    );
  }
});

test("lines that do not lie over each other: no two runs share a place", async () => {
  const { runs } = await read(await drawn(certificateFacts(longest(HOSTILE.repeat(9)))));
  const meets = (a: Run, b: Run) =>
    a !== b && a.x + a.width > b.x + 0.5 && b.x + b.width > a.x + 0.5 && Math.abs(a.y - b.y) <= 6;
  expect(runs.filter((a) => runs.some((b) => meets(a, b)))).toEqual([]);
});

test("what the font has not, and what hides or reorders, is written out and cannot be imitated", () => {
  expect(printable("a\u202Eb")).toBe("a<U+202E>b");
  expect(printable("<U+202E>")).toBe("<U+003C>U+202E>");
  expect(printable("Žižek naïve – 日")).toBe("Žižek naïve – <U+65E5>");
  expect(printableSentence(sentence`by ${said("Ana”, a lead")}.`)).toBe(
    "by “Ana<U+201D>, a lead”.",
  );
  const inTheFont = /^[ -~\u00A1-\u00FF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/u;
  const anything = fc.string({ unit: "binary" });
  fc.assert(fc.property(anything, (text) => inTheFont.test(printable(text))));
});

test("wrapped lines hold the whole text in order, none wider than asked, unless they say that they were cut", () => {
  const measure = (text: string) => text.length;
  const words = fc.string({ unit: fc.constantFrom("a", "b", " ") });
  fc.assert(
    fc.property(
      words,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 6 }),
      (text, width, most) => {
        const { lines, cut } = wrapText(text, { width, most, measure });
        expect(lines.length).toBeLessThanOrEqual(most);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        const letters = (string: string) => string.replaceAll(" ", "");
        const kept = letters(lines.join(""));
        const whole = letters(text);
        expect(cut ? whole.startsWith(kept.slice(0, -1)) : kept === whole).toBe(true);
      },
    ),
  );
});
