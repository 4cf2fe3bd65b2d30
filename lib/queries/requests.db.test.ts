import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Answer } from "#e2e/fake-model/answer.ts";
import { shownRecords } from "#e2e/fake-model/claims-from-evidence.ts";
import { createSource } from "#lib/commands/create-source.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { TEST_PROFILE, TEST_SEAL_KEYS } from "#lib/db/testing-copilot.ts";
import { adminQuery, testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { UNUSED } from "#lib/domain/summary/claim.ts";
import { testCopilot, type TestCopilot } from "#lib/jobs/testing-model.ts";
import { runModel } from "#lib/jobs/run-model/run-model.ts";
import { testDesk, type TestDesk } from "#lib/jobs/testing.ts";
import { openSealed } from "#lib/sealing/seal.ts";
import { previewRequest } from "./preview-request.ts";
import { rebuildRequest } from "./rebuild-request.ts";
import { runEvents } from "./run-events.ts";

const SECRET = "Tr0ub4dor&3";
const WITH_NAMES = { pseudonyms: false, repairs: false };
const WITHOUT_NAMES = { pseudonyms: true, repairs: false };
const NOTHING: Answer = { type: "claims", claims: [] };
const asked = { kind: "summary", question: null } as const;

let db: TestDatabase;
let desk: TestDesk;
let copilot: TestCopilot;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
  copilot = await testCopilot(db);
});
afterAll(async () => {
  await copilot.close();
  await db.close();
});

function intrusion(host = "FIN-LT-07"): object[] {
  const at = (minute: number) => `2026-03-01T02:1${minute}:00Z`;
  const who = { host, user: "m.okafor" };
  return [
    { ...who, id: randomUUID(), kind: "alert", severity: "high", time: at(0), title: "Odd share" },
    {
      ...{ ...who, id: randomUUID(), kind: "event", time: at(1), title: "process created" },
      "process.command_line": `net use \\\\srv-files\\c$ ${SECRET} /user:ACME\\m.okafor`,
      "source.ip": "10.4.7.19",
    },
  ];
}

const profile = (over: object) => ({ profile: { ...TEST_PROFILE, ...over } });
const runOf = (id: string) => db.web.modelRun.findUniqueOrThrow({ where: { id } });

test("what is sent holds stand-ins and marks; what is stored of the answer holds the names again", async () => {
  const incidentId = await desk.ingest(randomUUID(), intrusion());
  await copilot.answering((request) => {
    const event = shownRecords(request).find(({ kind }) => kind === "event")!;
    const line = (JSON.parse(event.raw ?? "") as Record<string, string>)["process.command_line"]!;
    const text = `${String(event.fields.user)} ran net on ${String(event.fields.host)}.`;
    const claim = {
      ...{ text, kind: "observation", polarity: "affirmed" },
      citations: [
        { id: event.id, quote: String(event.fields.host) },
        { id: event.id, quote: line },
      ],
      predicates: [
        { ...UNUSED, op: "field", evidence: [event.id], field: "host", value: event.fields.host },
      ],
    };
    return { type: "claims", claims: [claim] };
  }, profile(WITHOUT_NAMES));
  const { runId } = await copilot.ask(incidentId);
  const run = await runOf(runId);
  for (const name of ["okafor", "FIN-LT-07", "10.4.7.19", "ACME", SECRET])
    expect(run.request).not.toContain(name);
  expect(run.request).toMatch(/HOST_1.*USER_1/s);
  expect(run.redactions).toMatchObject({ user: 1, host: 1, ip: 1, "secret.password": 1 });
  const [claim] = (await runEvents(db.web, runId)).flatMap((event) =>
    event.kind === "claim" ? [event.data] : [],
  );
  expect(claim).toMatchObject({ text: "m.okafor ran net on FIN-LT-07." });
  expect(claim?.citations.map(({ quote }) => quote)).toEqual([
    "FIN-LT-07",
    expect.stringMatching(/^(?:net use \\\\srv-files\\c\$|\/user:ACME\\m.okafor)$/),
  ]);
  expect(claim?.citations.every(({ start }) => start !== null)).toBe(true);
  const stored = JSON.stringify(await runEvents(db.web, runId)) + run.request + run.response;
  expect(stored).not.toContain(SECRET);
  const place = { table: "model_run", column: "redaction_sealed", rowId: runId };
  const map = Buffer.from(openSealed(run.redactionSealed!, TEST_SEAL_KEYS.privateKey, place));
  expect(JSON.parse(map.toString())).toMatchObject({ originals: { HOST_1: "FIN-LT-07" } });
  expect(map.toString()).not.toContain(SECRET);
});

test("the preview is what is sent, but for the words drawn anew each time", async () => {
  const incidentId = await desk.ingest(randomUUID(), intrusion());
  for (const over of [WITH_NAMES, WITHOUT_NAMES]) {
    await copilot.answering(NOTHING, { name: `m-${over.pseudonyms}`, ...profile(over) });
    const preview = await previewRequest(db.web, incidentId, asked);
    const { runId } = await copilot.ask(incidentId);
    const { request, fence, canary, redactions } = await runOf(runId);
    const zeros = "0".repeat(24);
    expect(preview?.request).toBe(request!.replaceAll(fence!, zeros).replaceAll(canary!, zeros));
    expect(preview).toMatchObject({ redactions, shown: 2, pseudonyms: over.pseudonyms });
  }
});

test("a request is rebuilt to the byte, also when more evidence came since", async () => {
  const key = randomUUID();
  const incidentId = await desk.ingest(key, intrusion());
  await copilot.answering(NOTHING, profile(WITHOUT_NAMES));
  const { runId } = await copilot.ask(incidentId);
  expect(await desk.ingest(key, intrusion())).toBe(incidentId);
  const rebuilt = await rebuildRequest(db.web, runId);
  expect(rebuilt).toMatchObject({ isSame: true });
  expect(rebuilt?.rebuiltSha256).toBe(rebuilt?.storedSha256);
});

test("a repair has the stand-ins of the request it goes on from, and is rebuilt as well", async () => {
  const incidentId = await desk.ingest(randomUUID(), intrusion("FIN-LT-19"));
  const tokens: string[] = [];
  await copilot.answering(
    (request) => {
      const { id, fields } = shownRecords(request)[0]!;
      const host = String(fields.host);
      tokens.push(host);
      const isRepair = (request.body.messages ?? []).length > 1;
      const text = `${String(fields.user)} signed in to ${isRepair ? host : "ws-999"}.`;
      const claim = { text, kind: "observation", polarity: "affirmed", predicates: [] };
      return { type: "claims", claims: [{ ...claim, citations: [{ id, quote: host }] }] };
    },
    profile({ pseudonyms: true, repairs: true }),
  );
  const { runId } = await copilot.ask(incidentId);
  const repair = await db.web.modelRun.findFirst({ where: { repairOf: runId } });
  expect(repair).not.toBeNull();
  await runModel(repair!.id, copilot.context());
  expect(tokens).toEqual(["HOST_1", "HOST_1"]);
  const { request, state } = await runOf(repair!.id);
  expect(state).toBe("finished");
  for (const name of ["FIN-LT-19", "okafor", SECRET]) expect(request).not.toContain(name);
  expect(await rebuildRequest(db.web, repair!.id)).toMatchObject({ isSame: true });
});

test("nothing that was never sent can be rebuilt", async () => {
  const incidentId = await desk.ingest(randomUUID(), intrusion());
  const runId = await copilot.queue(incidentId);
  expect(await rebuildRequest(db.web, runId)).toBeNull();
  expect(await rebuildRequest(db.web, randomUUID())).toBeNull();
});

test("records of a source that is too sensitive are withheld and counted; red stays on the premises", async () => {
  const name = `Red ${randomUUID()}`;
  const by = { kind: "system", id: "test" } as const;
  const format = "generic" as const;
  const red = await createSource(db.web, { name, format, sensitivity: "red" }, by);
  const incidentId = await desk.ingest(randomUUID(), intrusion("FIN-LT-31"));
  const about = {
    ...{ host: "FIN-LT-31", user: "m.okafor", "target.user": "carla.vip" },
    "file.path": "D:\\vault-01.kdbx",
  };
  const alert = { id: randomUUID(), kind: "alert", severity: "high", title: "Vault opened" };
  const record = { ...about, ...alert, time: "2026-03-01T02:13:00Z" };
  const { incidents } = await ingestRecords(db.web, {
    ...{ source: { id: red.id, name }, format, normalise, incidentKey: null },
    records: [{ index: 0, bytes: Buffer.from(JSON.stringify(record)) }],
  });
  expect(incidents[0]?.id).toBe(incidentId);
  const sent = async (over: object, isLocal: boolean) => {
    await copilot.answering(NOTHING, { name: `m-${randomUUID()}`, isLocal, ...profile(over) });
    return previewRequest(db.web, incidentId, asked);
  };
  const outside = await sent({ ...WITH_NAMES, accepts: "amber_strict" }, false);
  expect(outside).toMatchObject({ leftOut: { withheld: 1 }, shown: 2 });
  expect(outside?.request).not.toContain("vault-01");
  const question = "Did carla.vip log on to FIN-LT-31?";
  await copilot.answering(NOTHING, { name: "asked", ...profile(WITHOUT_NAMES) });
  const outsiders = await previewRequest(db.web, incidentId, { kind: "answer", question });
  expect(outsiders).toMatchObject({ leftOut: { withheld: 1 } });
  expect(outsiders?.request).toContain("log on to HOST_");
  expect(outsiders?.request).not.toMatch(/carla|FIN-LT-31/);
  const unwilling = await sent({ ...WITH_NAMES, accepts: "amber" }, true);
  expect(unwilling).toMatchObject({ leftOut: { withheld: 1 } });
  const inside = await sent({ ...WITH_NAMES, accepts: "red" }, true);
  expect(inside).toMatchObject({ leftOut: { withheld: 0 }, shown: 3 });
  expect(inside?.request).toContain("vault-01");
  const green = await sent({ ...WITH_NAMES, accepts: "green" }, false);
  expect(green).toMatchObject({ leftOut: { withheld: 3 }, shown: 0 });
});

test("a rebuilt request that differs says whether the records are still the same", async () => {
  const incidentId = await desk.ingest(randomUUID(), intrusion("FIN-LT-47"));
  await copilot.answering(NOTHING, profile(WITHOUT_NAMES));
  const { runId } = await copilot.ask(incidentId);
  const source = await db.owner.source.findFirstOrThrow({
    where: { evidence: { some: { incidentId } } },
  });
  const rename = (name: string) =>
    db.owner.source.update({ where: { id: source.id }, data: { name } });
  await rename("Renamed since");
  const renamed = await rebuildRequest(db.web, runId);
  expect(renamed).toMatchObject({ isSame: false });
  expect(renamed?.sentence).toMatch(/raw records are the same .* renamed/);
  await rename(source.name);
  await adminQuery(
    db.adminUrl,
    `alter table evidence_item disable trigger all;
     update evidence_item set raw = raw || ' ', raw_sha256 = sha256(raw || ' ') where incident_id = '${incidentId}' and position = 1;
     alter table evidence_item enable trigger all`,
  );
  const altered = await rebuildRequest(db.web, runId);
  expect(altered).toMatchObject({ isSame: false });
  expect(altered?.sentence).toMatch(/records were altered/);
});
