import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldName } from "#lib/domain/evidence/fields.ts";
import { cutRedacted } from "./cut.ts";
import { findSecrets } from "./find-secrets.ts";
import { isPlainName } from "./plain-names.ts";
import { recordOf } from "./redaction-fixtures.ts";
import { makeRedactor } from "./redactor.ts";
import { replacePseudonyms } from "./tokens.ts";

const RUNS = 300;
const STAND_IN = /(?<![\p{L}\p{N}])(?:USER|HOST|IP|PUBLIC_IP|MAIL|DOMAIN|ACCOUNT)_\d+[A-Z]*/gu;

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const word = (minLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength: 10 });
const foreign = fc.constantFrom(
  "Zoë",
  "müller",
  "İbrahim",
  "ßtraße",
  "田中太郎",
  "Ольга",
  "😀name",
);
const name = fc.oneof(word(2), word(4), foreign);
const ip = fc.oneof(fc.ipV4(), fc.ipV6());
const host = fc.oneof(
  name,
  fc.tuple(word(2), fc.integer({ min: 1, max: 99 })).map(([a, n]) => `${a}-${n}`),
  name.map((short) => `${short}.corp.example.org`),
);
const mail = fc.tuple(word(3), word(3)).map(([a, b]) => `${a}@${b}.example.org`);
const stand = fc.constantFrom(
  "USER_1",
  "host_2",
  "HOST_1B",
  "IP_3",
  "E12",
  "PUBLIC_IP_1",
  "MAIL_1AA",
);

const FIELDS: [FieldName, fc.Arbitrary<string>][] = [
  [
    "user",
    fc.oneof(
      name,
      stand,
      fc.tuple(word(3), name).map((two) => two.join("\\")),
    ),
  ],
  ["target.user", fc.oneof(name, stand, mail)],
  ["user.domain", word(3)],
  ["host", fc.oneof(host, stand)],
  [
    "source.host",
    fc.oneof(
      name,
      name.map((short) => `${short}.corp.internal`),
    ),
  ],
  ["source.ip", ip],
  ["destination.ip", ip],
  ["email.to", mail],
  [
    "cloud.account",
    fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 12, maxLength: 12 }),
  ],
];

type Fields = Record<string, string>;
const fields: fc.Arbitrary<Fields> = fc
  .subarray(FIELDS)
  .chain((some) => fc.record(Object.fromEntries(some)));
const around = fc.constantFrom(
  (v: string) => v,
  (v: string) => v.toUpperCase(),
  (v: string) => v.toLowerCase(),
  (v: string) => `C:\\Users\\${v}\\a.exe`,
  (v: string) => `/home/${v}/.ssh`,
  (v: string) => `CORP\\${v}`,
  (v: string) => JSON.stringify({ account: v, path: `C:\\${v}` }),
  (v: string) => `x${v}9`,
  (v: string) => `${v}$`,
  (v: string) => `"${v}",'${v}'`,
  (v: string) => `a=${v};b=(${v})`,
  (v: string) => encodeURIComponent(v.toWellFormed()),
  (v: string) => `https://${v}/x?u=${v}`,
);
const noise = fc.oneof(
  fc.string({ maxLength: 12 }),
  stand,
  fc.constantFrom(" ", "_", ".", "-", "\n", "@"),
);

function textOver(records: Fields[]): fc.Arbitrary<string> {
  const values = records.flatMap((record) => Object.values(record));
  const value = values.length > 0 ? fc.constantFrom(...values) : fc.constant("none");
  const piece = fc.oneof(
    fc.tuple(around, value).map(([wrap, text]) => wrap(text)),
    noise,
  );
  return fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
}

const incident = fc
  .array(fields, { minLength: 1, maxLength: 4 })
  .chain((records) =>
    fc.tuple(fc.constant(records), fc.array(textOver(records), { maxLength: 3 })),
  );

function redactorOf(records: Fields[], texts: string[]) {
  const evidence = records.map((record, at) => recordOf(at + 1, record));
  return makeRedactor({ pseudonyms: true, records: evidence, shown: evidence, texts });
}

describe("for any records and texts", { timeout: 120_000 }, () => {
  test("restoring brings back exactly what was redacted", async () => {
    await fc.assert(
      fc.asyncProperty(incident, async ([records, texts]) => {
        fc.pre(
          [...texts, ...records.flatMap((r) => Object.values(r))].every(
            (t) => findSecrets(t).length === 0,
          ),
        );
        const redactor = await redactorOf(records, texts);
        for (const record of records) {
          for (const [field, value] of Object.entries(record))
            expect(redactor.restoreText(redactor.redact(value, field as FieldName))).toBe(value);
        }
        for (const text of texts) expect(redactor.restoreText(redactor.redact(text))).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });

  test("no name of four characters or more is left", async () => {
    await fc.assert(
      fc.asyncProperty(incident, async ([records, texts]) => {
        const redactor = await redactorOf(records, texts);
        const sent = texts.map((text) =>
          redactor.redact(text).replace(STAND_IN, "z").toLowerCase(),
        );
        for (const value of records.flatMap(namesIn)) {
          for (const text of sent)
            expect(isLeft(value.toLowerCase(), text), `${value} in ${text}`).toBe(false);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("the same calls give the same bytes", async () => {
    await fc.assert(
      fc.asyncProperty(incident, async ([records, texts]) => {
        const [one, two] = [await redactorOf(records, texts), await redactorOf(records, texts)];
        expect(texts.map((text) => one.redact(text))).toEqual(
          texts.map((text) => two.redact(text)),
        );
        expect(one.map()).toEqual(two.map());
      }),
      { numRuns: 50 },
    );
  });

  test("a cut text restores to parts of what stood there", async () => {
    await fc.assert(
      fc.asyncProperty(
        incident,
        fc.integer({ min: 20, max: 60 }),
        async ([records, texts], max) => {
          fc.pre(texts.every((text) => findSecrets(text).length === 0));
          const redactor = await redactorOf(records, texts);
          for (const text of texts) {
            fc.pre(!text.includes("[...]"));
            const [head = "", tail = ""] = cutRedacted(redactor.redact(text), max).split("[...]");
            expect(text.startsWith(redactor.restoreText(head))).toBe(true);
            expect(text.endsWith(redactor.restoreText(tail))).toBe(true);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("restoring any answer brings in nothing but the names of the map", () => {
    const originals = new Map([
      ["USER_1", "alice"],
      ["HOST_2", "WS-014"],
    ]);
    fc.assert(
      fc.property(fc.array(fc.oneof(stand, noise, fc.constant("[secret:jwt-1]"))), (pieces) => {
        const answer = pieces.join(" ");
        const restored = replacePseudonyms(answer, originals);
        expect(restored.split(" ").length).toBe(answer.split(" ").length);
        for (const piece of restored.split(" "))
          expect(answer.includes(piece) || /alice|WS-014/.test(piece)).toBe(true);
      }),
    );
  });
});

/** The names a record's fields hold, without what names nobody and what is too short to tell. */
function namesIn(record: Fields): string[] {
  return Object.entries(record)
    .flatMap(([field, value]) => (field.includes("user") ? value.split("\\") : [value]))
    .filter(
      (value) => value.length >= 4 && !/^\d+$/.test(value) && !isPlainName(value.toLowerCase()),
    )
    .filter(
      (value) =>
        !/^(?:user|host|ip|public_ip|mail)_\d/i.test(value) &&
        !/^(?:127|0|255|2[23]\d)\.|^::1?$|^ff/i.test(value),
    );
}

/** Four or five letters inside a longer word are no name ("anna" in "savanna"), an address inside a longer one another. */
function isLeft(name: string, text: string): boolean {
  const isAddress = /^(?:[\d.]+|[0-9a-f:.]*:[0-9a-f:.]*)$/.test(name);
  const inside = isAddress ? /[\p{L}\p{N}.:]/u : /[\p{L}\p{N}]/u;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text.charAt(at - 1), text.charAt(at + name.length)];
    const isInside = inside.test(before) || inside.test(after);
    if (!isInside || (name.length >= 6 && !isAddress)) return true;
  }
  return false;
}
