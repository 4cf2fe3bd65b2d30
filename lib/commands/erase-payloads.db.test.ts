import { afterAll, beforeAll, expect, test } from "vitest";
import { makeIncident } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { makeWorld } from "#lib/db/testing-world.ts";
import type { World } from "#lib/db/testing-world.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { readIncidentPage } from "#lib/queries/read-incident-page.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { retentionPage } from "#lib/queries/retention-page.ts";
import {
  approvalStatement,
  approveErasure,
  askErasure,
  endErasure,
  erasureStatement,
  holdLiftStatement,
  liftHold,
  placeHold,
} from "./erase-payloads.ts";

let w: World;
let number: string;
beforeAll(async () => {
  w = await makeWorld();
  const { number: plain } = await w.db.web.incident.findUniqueOrThrow({
    where: { id: w.closed.incidentId },
  });
  number = incidentNumber(plain);
});
afterAll(() => w.db.close());

const actor = ({ id }: TestPerson) => ({ kind: "person" as const, id, session: null });

async function ask(by: TestPerson, reason = "The person objects.") {
  const input = { incident: number, legalBasis: "objection" as const, reason };
  const { statementSha256 } = await erasureStatement(w.db.web, input);
  return askErasure(w.db.web, { ...input, statementSha256, password: by.password }, actor(by));
}

async function approve(by: TestPerson, erasureId: string) {
  const { statementSha256 } = await approvalStatement(w.db.web, { erasureId });
  return approveErasure(w.db.web, { erasureId, statementSha256, password: by.password }, actor(by));
}

test("a request, its refusal, another and its approval stand in the list with who did what", async () => {
  const first = await ask(w.lea);
  await expect(ask(w.adm)).rejects.toMatchObject({ code: "erasure_not_open", status: 409 });
  await expect(approve(w.lea, first.erasureId)).rejects.toMatchObject({
    code: "signer_is_proposer",
  });
  const refused = { erasureId: first.erasureId, reason: "Not this one." };
  expect(await endErasure(w.db.web, refused, actor(w.adm))).toEqual({ outcome: "refused" });
  const second = await ask(w.adm, "Again, with reason.");
  await expect(approve({ ...w.lea, password: "a guess" }, second.erasureId)).rejects.toMatchObject({
    code: "password_wrong",
  });
  await approve(w.lea, second.erasureId);
  const { erasures } = await retentionPage(w.db.web, { incident: number });
  expect(erasures).toMatchObject([
    {
      ...{ state: "approved", reason: "Again, with reason.", by: { id: w.adm.id } },
      ...{ incident: { number }, end: { by: { id: w.lea.id }, reason: null } },
    },
    {
      state: "refused",
      by: { id: w.lea.id },
      end: { by: { id: w.adm.id }, reason: "Not this one." },
    },
  ]);
  const { rows } = await w.db.pools.auditor.query("select kind from trail.entry where seq = $1", [
    erasures[0]!.entry,
  ]);
  expect(rows).toEqual([{ kind: "payload.erased" }]);
});

test("a hold stands on its incident's screen until it is lifted, and says no to an erasure", async () => {
  const reason = "A court asks.";
  const own = await placeHold(w.db.web, { incident: number, reason }, actor(w.lea));
  const all = await placeHold(w.db.web, { incident: null, reason: "An audit." }, actor(w.adm));
  await expect(ask(w.lea)).rejects.toMatchObject({ code: "legal_hold", status: 409 });
  const head = await findIncident(w.db.web, w.closed.incidentId);
  const holds = async () => (await readIncidentPage(w.db.web, head!)).holds;
  expect((await holds()).map(({ id }) => id)).toEqual([all.holdId, own.holdId]);
  expect(JSON.stringify(await holds())).not.toContain(reason);
  for (const { holdId } of [own, all]) {
    const input = { holdId, reason: "Over." };
    const { statementSha256 } = await holdLiftStatement(w.db.web, input);
    const signed = { ...input, statementSha256, password: w.adm.password };
    await liftHold(w.db.web, signed, actor(w.adm));
  }
  expect(await holds()).toEqual([]);
  const listed = await retentionPage(w.db.web, {});
  expect(listed.holds.map(({ incident, lifted }) => [incident?.number, lifted?.reason])).toEqual([
    [undefined, "Over."],
    [number, "Over."],
  ]);
});

test("what is not closed, not there or not a number is refused in a sentence", async () => {
  const open = await makeIncident(w.db);
  const { number: plain } = await w.db.web.incident.findUniqueOrThrow({ where: { id: open.id } });
  const of = (incident: string) => ({ incident, legalBasis: "objection" as const, reason: "r" });
  const { statementSha256 } = await erasureStatement(w.db.web, of(String(plain)));
  const asked = { ...of(String(plain)), statementSha256, password: w.lea.password };
  await expect(askErasure(w.db.web, asked, actor(w.lea))).rejects.toMatchObject({
    code: "incident_open",
  });
  for (const incident of ["INC-999999", "999999999999999"])
    await expect(erasureStatement(w.db.web, of(incident))).rejects.toMatchObject({ status: 404 });
});

test("the lists go on page by page, each by its own cursor, and refuse a cursor of somebody else's", async () => {
  for (const n of [1, 2, 3])
    await placeHold(w.db.web, { incident: number, reason: `hold ${n}` }, actor(w.lea));
  const seen: string[] = [];
  for (let holdCursor: string | undefined; ;) {
    const page = await retentionPage(w.db.web, { incident: number, holdCursor }, 2);
    seen.push(...page.holds.map(({ id }) => id));
    if (page.nextHold === null) break;
    holdCursor = page.nextHold;
  }
  expect(new Set(seen).size).toBe(4);
  expect(seen).toHaveLength(4);
  await expect(retentionPage(w.db.web, { cursor: "x" })).rejects.toMatchObject({
    code: "cursor_invalid",
  });
});
