import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addSource, at, ingest } from "#lib/commands/ingest-fixtures.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { FIELD_NAMES } from "#lib/domain/evidence/fields.ts";
import { indexEvidence, selectWhere } from "#lib/grounding/evidence-index.ts";
import type { EvidenceIndex } from "#lib/grounding/evidence-index.ts";
import { PSEUDO_FIELDS, queryValues, whereTerm } from "#lib/grounding/query.ts";
import { randomIncident } from "#lib/grounding/rules-arbitrary.ts";
import { loadEvidence, RECORDS_MAX } from "./load-evidence.ts";
import { listThread, threadAround } from "./list-thread.ts";
import { recordsWhere, WHERE_RECORDS_MAX } from "./records-where.ts";

const RECORDS = 260;

let database: TestDatabase;
let incidentId: string;
let index: EvidenceIndex;

beforeAll(async () => {
  database = await testDatabase();
  const sources = [
    await addSource(database.web, "EDR"),
    await addSource(database.web, "dc & kind=alert"),
  ];
  const random = fc
    .sample(randomIncident, { numRuns: 60, seed: 20_260_301 })
    .flatMap(({ records }) => records)
    .filter((record) => !JSON.stringify(record).includes(String.raw`\u0000`))
    .slice(0, RECORDS)
    .map(({ kind, time, severity, title, fields }) => ({ kind, time, severity, title, fields }));
  const users = [
    { user: "asmith", "user.domain": "CORP" },
    { user: "CORP\\asmith" },
    { user: "asmith", "user.email": "asmith@corp.example" },
    { user: "asmith@fabrikam.example", "target.user": "svc", "target.user.domain": "FABRIKAM" },
    { "ticket.owner": "asmith", "user.domain": "CORP" },
  ].map((fields, n) => ({ kind: "event", time: at(`03:00:0${n}`), title: "sign-in", fields }));
  for (const [n, source] of sources.entries()) {
    const mine = [...random, ...users].filter((_, each) => each % 2 === n);
    const { incidents } = await ingest(database.web, source, mine, "one-case");
    incidentId = incidents[0]?.id ?? incidentId;
  }
  const evidence = await loadEvidence(database.worker, incidentId);
  index = indexEvidence(evidence!.records);
});
afterAll(() => database.close());

/** Every value of every field with every sign, hosts and users in other spellings, and pairs of them. */
function queries(): string[] {
  const single = new Set<string>([""]);
  for (const field of [...FIELD_NAMES, ...PSEUDO_FIELDS]) {
    single.add(`${field}=*`).add(`${field}!=*`);
    const values = new Set(
      index.records.flatMap((record) => queryValues(record, field).map(String)),
    );
    for (const value of [...values].slice(0, 3)) {
      for (const text of [value, value.toUpperCase(), `${value}.corp.example`, `CORP\\${value}`]) {
        for (const sign of ["eq", "ne", "gte", "lte"] as const)
          single.add(whereTerm(field, text, sign));
      }
    }
  }
  single
    .add("time>=2026-03-01T02")
    .add("time>=2026-03-01")
    .add("time=2026-03-01")
    .add("time!=2026-03-01");
  const terms = [...single];
  const pairs = terms.flatMap((term, n) => {
    const other = terms[(n * 7919 + 31) % terms.length];
    return n % 3 === 0 && term && other ? [`${term} & ${other}`] : [];
  });
  return [...terms, ...pairs];
}

test("a query finds the very records the verifier counts, whatever it asks", async () => {
  const readable = queries().filter((where) => selectWhere(index, where).ok);
  expect(readable.length).toBeGreaterThan(400);
  let found = 0;
  for (const where of readable) {
    const selected = selectWhere(index, where);
    const expected = selected.ok ? selected.records.map((record) => record.position) : [];
    const answer = await recordsWhere(database.web, incidentId, where);
    const positions = answer.ok ? (answer.positions ?? index.records.map((r) => r.position)) : null;
    expect(positions, where).toEqual(expected);
    expect(answer, where).toMatchObject({ ok: true, records: expected.length, capped: false });
    if (expected.length > 0) found += 1;
  }
  expect(found).toBeGreaterThan(120);
}, 120_000);

test("what cannot be read is refused with the parser's reason", async () => {
  for (const where of [
    "nonsense",
    "no.such.field=1",
    "host=",
    "time>=yesterday",
    "host>=a",
    "&&&",
    "=",
    '"',
  ]) {
    const selected = selectWhere(index, where);
    const answer = await recordsWhere(database.web, incidentId, where);
    expect(answer, where).toEqual({ ok: false, reason: selected.ok ? "" : selected.reason });
  }
});

test("whatever a stranger writes is a query or no query, never a failure", async () => {
  for (const where of [
    "host=\u0000",
    "kind=\u0000",
    'kind="\\u0000"',
    "time<=9999-12-31",
    "time>=0000-01-01",
    "time=9999-12-31T23:59:59Z",
    "id=E999999999",
    "id=E1 & kind=nothing",
    "network.bytes_out>=1e400",
    `host=${"a & host=".repeat(2000)}`,
    "host='; DROP TABLE evidence_item; --",
  ]) {
    const answer = await recordsWhere(database.web, incidentId, where);
    const selected = selectWhere(index, where);
    expect(answer.ok ? answer.records : null, where).toBe(
      selected.ok ? selected.records.length : null,
    );
  }
});

test("a query over more text than may be read is refused, and says what to do", async () => {
  const small = await recordsWhere(database.web, incidentId, "user=*", 100);
  expect(small).toEqual({ ok: false, reason: expect.stringMatching(/too much text.*narrows/) });
  expect(await recordsWhere(database.web, incidentId, "user=*")).toMatchObject({ ok: true });
});

test("a query may name another field with each of its terms", async () => {
  const beside = ["user.domain", "user.email", "target.user.domain"];
  const names = FIELD_NAMES.filter((name) => !beside.includes(name));
  const where = names.slice(0, 40).map((name) => `${name}!=*`);
  const selected = selectWhere(index, where.join(" & "));
  const answer = await recordsWhere(database.web, incidentId, where.join(" & "));
  expect(selected.ok && answer.ok).toBe(true);
  expect(answer).toMatchObject({ records: selected.ok ? selected.records.length : null });
  const wider = [...where, `${names[40]}!=*`].join(" & ");
  expect(await recordsWhere(database.web, incidentId, wider)).toMatchObject({ ok: false });
});

test("the thread lists them all, page by page, each once and nothing else", async () => {
  for (const where of [
    "",
    "host=ws-014",
    "kind=event & time!=*",
    "source.ip=10.0.3.17 & outcome!=success",
  ]) {
    const selected = selectWhere(index, where);
    const expected = selected.ok ? selected.records.map((record) => record.id) : [];
    expect(expected.length, where).toBeGreaterThan(2);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await listThread(
        database.web,
        incidentId,
        { where },
        { after, before: null },
        7,
      );
      expect(page.where).toEqual({ ok: true, records: expected.length, capped: false });
      seen.push(...page.entries.map((entry) => entry.id));
      after = page.nextCursor;
    } while (after);
    expect(seen.toSorted(), where).toEqual(expected.toSorted());
    const middle = expected[Math.floor(expected.length / 2)]!;
    const around = await threadAround(database.web, incidentId, { where }, middle, 7);
    expect(around.entries.map((entry) => entry.id)).toContain(middle);
    expect(around.entries.every((entry) => expected.includes(entry.id))).toBe(true);
  }
});

test("a query that cannot be read leaves the thread whole and says so", async () => {
  const place = { after: null, before: null };
  const whole = await listThread(database.web, incidentId, {}, place);
  const page = await listThread(database.web, incidentId, { where: "shoe=42" }, place);
  expect(page.entries).toEqual(whole.entries);
  expect(page.where).toEqual({ ok: false, reason: "no such field: shoe" });
  expect(whole.where).toBeNull();
});

test("as many records are looked at as the verifier reads", () => {
  expect(WHERE_RECORDS_MAX).toBe(RECORDS_MAX);
});
