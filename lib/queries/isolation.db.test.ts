import { afterAll, beforeAll, expect, test } from "vitest";
import { addNote } from "#lib/commands/add-note.ts";
import type { AskedKind } from "#lib/copilot/build-request.ts";
import { PRESETS } from "#lib/copilot/profiles.ts";
import { LATEST } from "#lib/copilot/prompts/published.ts";
import { makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import { activateForTest } from "#lib/db/testing-copilot.ts";
import { queueRunForTest } from "#lib/db/testing-runs.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import { testDesk } from "#lib/jobs/testing.ts";
import { prepareRepair, prepareRequest, requestEvidence } from "./prepare-request.ts";

const INCIDENTS = 40;
const REQUESTS = 1_000;
/** Requests written at the same time, so that what one leaves behind would be found in another. */
const AT_ONCE = 8;
const KINDS: AskedKind[] = ["summary", "answer", "note", "handover", "message"];

type Made = { id: string; count: number; word: string };

let db: TestDatabase;
const made: Made[] = [];

beforeAll(async () => {
  db = await testDatabase();
  const desk = await testDesk(db);
  const analyst = await makePerson(db, "analyst", "asker");
  const admin = await makePerson(db, "admin", "model admin");
  const model = await activateForTest(db, { model: "m", baseUrl: "http://127.0.0.1:9", admin });
  for (let at = 0; at < INCIDENTS; at++) {
    const word = `kq${String(at).padStart(3, "0")}zv`;
    const records = recordsWith(word, at);
    const id = await desk.ingest(`incident-${at}`, records);
    await tellElsewhere(id, word, { analyst, model });
    made.push({ id, count: records.length, word });
  }
}, 120_000);
afterAll(() => db.close());

/** The incident's word in every text of its records; host, user and address are the same in all incidents. */
function recordsWith(word: string, at: number): object[] {
  const time = "2026-03-01T02:14:07Z";
  const shared = { host: "ws-014", user: "j.doe", "source.ip": "203.0.113.7" };
  const alert = { kind: "alert", severity: "high", title: `Alert ${word}`, time, ...shared };
  const event = {
    ...{ kind: "event", time, action: "logon", outcome: "failure", title: `failed ${word}` },
    ...{ host: `srv-${word}`, user: `u.${word}`, "target.user": `t.${word}` },
    ...{ "process.command_line": `cmd /c ${word}`, message: `password=${word}9X!`, extra: word },
    ...{ "user.email": `${word}@corp.example`, "url.full": `https://${word}.example/` },
  };
  return [
    { id: `a-${at}-${word}`, ...alert },
    ...Array.from({ length: 4 }, (_, n) => ({ id: `e-${at}-${n}-${word}`, ...event })),
    { id: `s-${at}-${word}`, kind: "event", time, title: "seen", ...shared, message: word },
  ];
}

type Elsewhere = { analyst: TestPerson; model: Awaited<ReturnType<typeof activateForTest>> };

/** The word where no request looks: in a note, and in a question that somebody asked. */
async function tellElsewhere(incidentId: string, word: string, { analyst, model }: Elsewhere) {
  const by = { kind: "person", session: null, id: analyst.id } as const;
  await addNote(db.web, { incidentId, text: `note${word}note` }, by);
  const question = `question${word}question?`;
  await queueRunForTest(db, { incidentId, model, kind: "answer", askedBy: analyst.id, question });
}

async function write(at: number): Promise<{ own: Made; texts: string[] }> {
  const own = made[(at * 7) % INCIDENTS]!;
  const config = PRESETS[at % PRESETS.length]!;
  const kind = KINDS[at % KINDS.length]!;
  const evidence = await requestEvidence(db.worker, own.id, own.count);
  const input = { evidence, config, prompts: LATEST, fence: `f${at}`, canary: `c${at}` };
  const asked = await prepareRequest({ ...input, kind, question: kind === "answer" ? "?" : null });
  const texts = [asked.request.text, JSON.stringify(asked.redactor.map())];
  if (kind !== "summary") return { own, texts };
  const first = { request: asked.request.text, answer: '{"claims":[]}', fence: "f", canary: "c" };
  const repair = await prepareRepair({ ...input, first, failed: [failed(own.word)] });
  return { own, texts: [...texts, repair.request.text] };
}

function failed(word: string) {
  const claim: DraftClaim = {
    ...{ text: `u.${word} logged on.`, kind: "observation", polarity: "affirmed" },
    ...{ citations: [{ id: "E2", quote: `u.${word}` }], predicates: [] },
  };
  return { claim, checks: [] };
}

test(`no word of another incident stands in any of ${REQUESTS} requests`, async () => {
  const strange: string[] = [];
  let [own, written] = [0, 0];
  for (let at = 0; at < REQUESTS; at += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, (_, n) => write(at + n));
    for (const request of await Promise.all(batch)) {
      const words = new Set(request.texts.join("\n").match(/kq\d{3}zv/g));
      if (words.delete(request.own.word)) own += 1;
      for (const word of words) strange.push(`${word} in a request of ${request.own.word}`);
      if (request.texts.some((text) => /note kq|notekq|questionkq/.test(text)))
        strange.push(`a note or question in a request of ${request.own.word}`);
      written += request.texts.length - 1;
    }
  }
  expect(strange).toEqual([]);
  expect(own).toBe(REQUESTS); // or the search could find nothing at all
  expect(written).toBeGreaterThan(REQUESTS);
}, 240_000);
