/** The certificate of a decision of a log that is really signed, and what an erasure leaves of its reasons. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawCertificate } from "#lib/certificate/draw-certificate.ts";
import type { Actor } from "#lib/commands/actor.ts";
import { addSource, at, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { recordExport } from "#lib/commands/record-export.ts";
import { signDecision } from "#lib/commands/sign-decision.ts";
import { approveErasure, askErasure } from "#lib/db/testing-erasure.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { certificateOf } from "#lib/domain/decision/certificate.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { summarise } from "#lib/jobs/summarise.ts";
import { sealedTrail, type SealedTrail } from "#lib/jobs/exports/testing-bundle.ts";
import { publicKeyOf } from "#lib/trail/checkpoint.ts";
import { openTlogProof } from "#lib/trail/tlog-proof.ts";
import { decisionAccount } from "./decision-account.ts";
import { decisionCertificate } from "./decision-certificate.ts";
import { decisionEntries } from "./decision-entries.ts";
import { listTrail } from "./list-trail.ts";
import { replayIncident } from "./replay-incident.ts";
import { verifyProof } from "#lib/trail/verify-proof.ts";
import { trailProof } from "./trail-proof.ts";

const CONTAIN: DecisionContent = {
  kind: "containment",
  reason: "Stop it from spreading.",
  actions: [{ action: "isolate_host", target: "web-1" }],
};
const CLOSE: DecisionContent = {
  kind: "closure",
  reason: "The hosts answered as they should.",
  classification: "undetermined",
  classificationReason: "undetermined",
  determination: "clean",
};
const by = ({ id }: { id: string }): Actor => ({ kind: "person", id, session: null });

let db: TestDatabase;
let trail: SealedTrail;
beforeAll(async () => {
  db = await testDatabase();
  trail = await sealedTrail(db);
}, 120_000);
afterAll(async () => {
  await trail.close();
  await db.close();
});

async function decision(content: DecisionContent = CONTAIN) {
  const ben = await makePerson(db, "analyst", "Ben");
  const lou = await makePerson(db, "lead", "Lou");
  const alert = {
    recordId: randomUUID(),
    time: at("03:01:00"),
    severity: "high" as const,
    title: "Password spray",
    fields: {},
    observables: observables(`host:${randomUUID()}`, "host:web-1"),
  };
  const source = await addSource(db.web, randomUUID());
  const { incidents } = await ingest(db.web, source, [alert], randomUUID());
  const incidentId = incidents[0]!.id;
  await summarise(db.worker, incidentId);
  const input = { incidentId, content, waivedClaimIds: [], idem: randomUUID() };
  const { id } = await proposeDecision(db.web, input, by(ben));
  const sign = async () => {
    const { statementSha256 } = await db.web.decision.findUniqueOrThrow({ where: { id } });
    const hex = Buffer.from(statementSha256).toString("hex");
    const approved = { decisionId: id, outcome: "approved", reason: null } as const;
    return signDecision(
      db.web,
      { ...approved, statementSha256: hex, password: lou.password },
      by(lou),
    );
  };
  return { incidentId, lou, id, sign };
}

async function ready(id: string) {
  const found = await decisionCertificate(db.web, id);
  if (found.state !== "ready") throw new Error(`there is none: ${found.state}`);
  return found.facts;
}

test("there is one once the decision is settled and every entry of it is sealed, and not before", async () => {
  const { id, sign } = await decision();
  const state = async () => (await decisionCertificate(db.web, id)).state;
  expect(await state()).toBe("open");
  expect(await sign()).toMatchObject({ ok: true, state: "in_effect" });
  expect(await state()).toBe("not_sealed");
  await trail.seal();
  expect(await state()).toBe("ready");
  expect((await decisionCertificate(db.web, randomUUID())).state).toBe("missing");
});

test("what it names is what the log's own verifier finds, and a later checkpoint changes no byte of it", async () => {
  const { id, incidentId, lou, sign } = await decision();
  expect(await sign()).toMatchObject({ ok: true, state: "in_effect" });
  await trail.seal();
  const facts = await ready(id);
  const { seal, entry, account } = facts;
  const kinds = account.entries.map(({ kind }) => kind);
  expect(kinds).toEqual(
    expect.arrayContaining(["decision.proposed", "decision.signed", "decision.took_effect"]),
  );
  const place = account.entries.findIndex(({ seq }) => seq === entry.seq);
  expect(kinds[place]).toBe("decision.took_effect");
  const receipt = async () => {
    const proof = await trailProof(db.web, entry.seq);
    if (proof.state !== "sealed") throw new Error(proof.state);
    const key = { name: seal.origin, key: publicKeyOf(trail.logKey) };
    return openTlogProof(proof.text, Buffer.from(entry.leaf, "hex"), key);
  };
  const checkpoint = await receipt();
  expect([checkpoint.size, checkpoint.root.toString("base64")]).toEqual([seal.size, seal.root]);

  const whole = await trailProof(db.web, entry.seq, { hasLine: true });
  if (whole.state !== "sealed") throw new Error(whole.state);
  const logKeys = [{ name: seal.origin, key: publicKeyOf(trail.logKey) }];
  expect(verifyProof(whole.text, { logKeys })).toMatchObject({
    fault: null,
    entry: { seq: entry.seq, kind: "decision.took_effect" },
  });
  await recordExport(db.web, { incidentId, format: "proof", entry: entry.seq }, by(lou));
  expect((await listTrail(db.web, { incident: incidentId })).entries[0]).toMatchObject({
    kind: "export.downloaded",
    payload: { format: "proof", entry: entry.seq },
  });

  const draw = async () => drawCertificate(certificateOf(await ready(id)), new Date(seal.signedAt));
  const before = await draw();
  await recordExport(db.web, { incidentId, format: "certificate (PDF)", decision: id }, by(lou));
  await trail.seal();
  expect((await draw()).equals(before)).toBe(true);
  expect((await receipt()).size).toBeGreaterThan(seal.size);
  expect(certificateOf(facts).shows[1]).toContain(
    "to a signed checkpoint of this log, this one or a later one",
  );
  const { entries } = await listTrail(db.web, { incident: incidentId });
  expect(entries[0]).toMatchObject({ kind: "export.downloaded", payload: { decision: id } });
});

test("where the entry that proposed it lies beyond those that are read, that is said", async () => {
  const { id, incidentId, sign } = await decision();
  await sign();
  const { proposedAt } = await db.web.decision.findUniqueOrThrow({ where: { id } });
  const view = { id, incidentId, proposedAt: proposedAt.toISOString() };
  expect(await decisionEntries(db.web, view, 1)).toMatchObject({ cutOff: true, erasure: null });
  const whole = await decisionEntries(db.web, view);
  expect(whole).toMatchObject({ cutOff: false });
  expect(whole.entries[0]).toMatchObject({ kind: "decision.proposed" });
});

test("after an erasure its reasons name the erasure where nothing can be read, and there is no certificate", async () => {
  const { id, incidentId, lou, sign } = await decision(CLOSE);
  expect(await sign()).toMatchObject({ ok: true, state: "in_effect" });
  const told = (await decisionAccount(db.web, id))!;
  expect(told.erased).toEqual([]);
  const ada = await makePerson(db, "admin", "Ada");
  await approveErasure(db.pools.web, ada, await askErasure(db.pools.web, lou, incidentId));
  await trail.seal();
  const { entries } = await listTrail(db.web, { incident: incidentId });
  const erasure = entries.find(({ kind }) => kind === "payload.erased")!;

  const account = (await decisionAccount(db.web, id))!;
  const text = account.sections
    .flatMap(({ sentences }) => sentences)
    .map((one) =>
      typeof one === "string"
        ? one
        : one.map((part) => (typeof part === "string" ? part : part.said)).join(""),
    )
    .join("\n");
  const erased = `was erased on ${erasure.at.slice(0, 10)} ${erasure.at.slice(11, 19)} UTC, by entry ${erasure.seq}; Lou asked for the erasure and Ada approved it.`;
  for (const what of [
    "Which records the claims cited, and how many alerts there were",
    "How they stood",
    "Which records were opened before that",
    "Which entries are its own",
  ])
    expect(text).toContain(`${what}: what told it ${erased}`);
  for (const wrong of [
    "No summary had been issued",
    "No entry of the trail",
    "had opened no record",
  ])
    expect(text).not.toContain(wrong);
  expect(account.answers).toContain("signed");
  expect(account.erased).toEqual(["logged", "sealed", "opened", "claims"]);
  expect(await decisionCertificate(db.web, id)).toEqual({ state: "erased" });

  const number = told.decision.incidentNumber;
  const view = await replayIncident(db.web, { id: incidentId, number, title: "" }, null);
  expect(view).toMatchObject({ status: null, erasures: [{ seq: erasure.seq, at: erasure.at }] });
  expect(view!.unreadable).toEqual(expect.arrayContaining(["status", "decisions"]));
});
