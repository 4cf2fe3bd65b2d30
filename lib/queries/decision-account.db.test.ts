import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countStatements } from "#lib/cli/bench/statements.ts";
import { at, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { recordEvidenceRead } from "#lib/commands/record-evidence-read.ts";
import { reviewClaim } from "#lib/commands/review-claim.ts";
import { signDecision } from "#lib/commands/sign-decision.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { CONTROL_ANSWERS } from "#lib/domain/decision/controls.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { summarise } from "#lib/jobs/summarise.ts";
import { ACCOUNT_STATEMENTS, decisionAccount } from "./decision-account.ts";
import { deskWorld } from "./queries-fixtures.ts";
import type { Sentence } from "#lib/domain/sentence.ts";

let database: TestDatabase;
let incidentId: string;
let evidenceId: string;
let ana: TestPerson;
let ben: TestPerson;
let lea: TestPerson;

const CONTAIN: DecisionContent = {
  kind: "containment",
  reason: "Stop it from spreading.",
  actions: [{ action: "isolate_host", target: "web-1" }],
};

beforeAll(async () => {
  const world = await deskWorld();
  ({ database } = world);
  ana = await makePerson(database, "analyst", "Ana");
  ben = await makePerson(database, "analyst", "Ben");
  lea = await makePerson(database, "lead", "Lea");
  const alert = {
    recordId: "spray",
    time: at("03:01:00"),
    severity: "high" as const,
    title: "Password spray",
    fields: { technique: ["T1110.003"] },
    observables: observables("host:web-1", "user:svc-web"),
  };
  const { incidents } = await ingest(database.web, world.source, [alert], "spray");
  incidentId = incidents[0]!.id;
  ({ id: evidenceId } = await database.web.evidenceItem.findFirstOrThrow({
    where: { incidentId },
  }));
  await summarise(database.worker, incidentId);
});
afterAll(() => database.close());

async function propose(content: DecisionContent): Promise<string> {
  const input = { incidentId, content, waivedClaimIds: [], idem: randomUUID() };
  return (await proposeDecision(database.web, input, { kind: "person", id: ana.id, session: null }))
    .id;
}

async function sign(decisionId: string, person: TestPerson) {
  const { statementSha256 } = await database.web.decision.findUniqueOrThrow({
    where: { id: decisionId },
  });
  const hex = Buffer.from(statementSha256).toString("hex");
  return signDecision(
    database.web,
    {
      decisionId,
      outcome: "approved",
      statementSha256: hex,
      password: person.password,
      reason: null,
    },
    { kind: "person", id: person.id, session: null },
  );
}

function plain(given: Sentence): string {
  if (typeof given === "string") return given;
  return given.map((part) => (typeof part === "string" ? part : part.said)).join("");
}

async function textOf(decisionId: string): Promise<string> {
  const account = await decisionAccount(database.web, decisionId);
  return account!.sections
    .flatMap(({ heading, sentences }) => [`# ${heading}`, ...sentences.map(plain)])
    .join("\n");
}

test("a containment is told from its proposal to its effect, and says what it does not hold", async () => {
  const claim = await database.web.claim.findFirstOrThrow({
    where: { summary: { incidentId }, front: true },
  });
  await reviewClaim(
    database.web,
    { claimId: claim.id, outcome: "accepted" },
    { kind: "person", id: ben.id, session: null },
  );
  const decisionId = await propose(CONTAIN);
  const before = await textOf(decisionId);
  expect(before).toContain("Nobody has signed it.");
  await recordEvidenceRead(
    database.web,
    { incidentId, evidenceId },
    { kind: "person", id: lea.id, session: null },
  );
  expect(await sign(decisionId, lea)).toMatchObject({ ok: true, state: "in_effect" });
  await recordEvidenceRead(
    database.web,
    { incidentId, evidenceId },
    { kind: "person", id: ben.id, session: null },
  );

  const text = await textOf(decisionId);
  for (const said of [
    /^Ana, an analyst, proposed the containment on \d{4}-/m,
    /^The reason given: Stop it from spreading\.$/m,
    /^The incident held 1 record then, 1 alert among them, sealed under the root [0-9a-f]{64}\.$/m,
    /host:web-1/,
    /ATT&CK techniques that its alerts name: T1110\.003 Brute Force: Password Spraying\./,
    /^Matches the evidence, a claim of the rules: .*accepted by Ben/m,
    /^None was set aside by name\.$/m,
    /^Policy \d+ asks for 1 signature, by a lead/m,
    /^Lea, as a lead, signed it on .* with the password entered again\.$/m,
    /^Before that Lea had opened E1\.$/m,
    /^In effect, since /m,
    /^The response "isolate host" on web-1: unknown/m,
    /^Not under a signed checkpoint yet: \d+/m,
  ])
    expect(text).toMatch(said);
  expect(text).not.toContain("Ben had opened");
  const { answers } = (await decisionAccount(database.web, decisionId))!;
  expect(answers.toSorted()).toEqual(["apart", "bounded", "claims", "logged", "opened", "signed"]);
  expect(Object.keys(CONTROL_ANSWERS)).toEqual(expect.arrayContaining(answers));
});

test("what was refused is told with every reason, and nobody signed it", async () => {
  const decisionId = await propose({ kind: "reopening", reason: "It is not over." });
  const text = await textOf(decisionId);
  expect(text).toContain("Nobody could: the gate refused it.");
  expect(text).toMatch(/^Refused because: .+/m);
  const { answers } = (await decisionAccount(database.web, decisionId))!;
  expect(answers).not.toContain("signed");
});

test(`an account costs at most ${ACCOUNT_STATEMENTS} statements, and there is none of what is no decision`, async () => {
  const { id } = await database.web.decision.findFirstOrThrow({ where: { kind: "containment" } });
  const count = await countStatements(database.urls.web, (db) => decisionAccount(db, id));
  expect(count).toBeLessThanOrEqual(ACCOUNT_STATEMENTS);
  expect(await decisionAccount(database.web, randomUUID())).toBeNull();
});
