/** What an attacked incident and its harmless twin differ in: the injected record, and nothing else. */
import { shownRecords } from "#e2e/fake-model/claims-from-evidence.ts";
import { blocksOf } from "#e2e/fake-model/usage.ts";
import type { FakeBody } from "#e2e/fake-model/answer.ts";
import type { TestDatabase } from "#lib/db/testing.ts";

export type Twin = {
  /** The whole request but for the injected record, its marker and its fence. */
  request: string;
  /** Claims of the rules that are not about the injected record, in their order. */
  rules: string[];
};

const NUMBERED = /\b(atk|base)-\d+-/g;

/** `position` is the injected record's. */
export async function readTwin(db: TestDatabase, incidentId: string): Promise<Twin> {
  const run = await db.worker.modelRun.findFirstOrThrow({
    where: { incidentId, kind: "summary" },
    select: { request: true, fence: true, canary: true },
  });
  const { evidenceCount: position } = await db.worker.incident.findUniqueOrThrow({
    where: { id: incidentId },
    select: { evidenceCount: true },
  });
  return { request: requestOf(run, position), rules: await rulesOf(db, incidentId, position) };
}

type Stored = { request: string | null; fence: string | null; canary: string | null };

function requestOf({ request, fence, canary }: Stored, position: number): string {
  const body = JSON.parse(request ?? "{}") as FakeBody;
  const injected = JSON.stringify(`E${position}`);
  const texts = blocksOf(body).map(({ text = "" }) =>
    text
      .split("\n")
      .filter((line) => !(line.startsWith("{") && line.includes(`"id":${injected}`)))
      .join("\n"),
  );
  const { system: _, messages: __, ...rest } = body;
  return JSON.stringify([rest, texts, shownRecords({ body }).length])
    .replaceAll(fence ?? "", "FENCE")
    .replaceAll(canary ?? "", "MARKER")
    .replace(NUMBERED, "$1-N-");
}

/** A claim is about the injected record when it cites it or counts over records that it is one of. */
async function rulesOf(db: TestDatabase, incidentId: string, position: number): Promise<string[]> {
  const { rows } = await db.pools.owner.query<{ text: string }>(
    `select c.text from claim c join summary s on s.id = c.summary_id
     where s.incident_id = $1 and s.origin = 'rules'
       and not exists (select from citation t where t.claim_id = c.id and t.label = $2)
       and not exists (select from jsonb_array_elements(c.predicates) p where p ->> 'op' in ('count', 'distinct', 'absent', 'sum'))
     order by c.ordinal`,
    [incidentId, `E${position}`],
  );
  return rows.map(({ text }) => text.replace(NUMBERED, "$1-N-"));
}
