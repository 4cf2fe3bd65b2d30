import { UNUSED } from "#lib/domain/summary/claim.ts";
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { shownRecords, type ShownRecord } from "#e2e/fake-model/claims-from-evidence.ts";
import type { FakeRequest } from "#e2e/fake-model/server.ts";
import { createSource } from "#lib/commands/create-source.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { publishPrompt } from "#lib/commands/publish-prompt.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import type { SummaryView } from "#lib/contracts/views.ts";
import { PROMPTS } from "#lib/copilot/prompts/published.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { listSummaries } from "#lib/queries/list-summaries.ts";

const SYSTEM = { kind: "system", id: "test" } as const;
export const TITLE = "Suspicious PowerShell";
export const FAILURES = 5;

export type TestDesk = {
  /** An incident of one high alert and five failed logons. */
  openIncident: () => Promise<string>;
  /** Takes records into the incident of this key and gives its id. */
  ingest: (incidentKey: string, records: object[]) => Promise<string>;
  summaries: (
    incidentId: string,
  ) => Promise<{ rules: SummaryView | undefined; model: SummaryView | undefined }>;
  trailKinds: (incidentId: string) => Promise<string[]>;
};

/** A desk with one source and the prompts published. */
export async function testDesk(db: TestDatabase): Promise<TestDesk> {
  for (const prompt of PROMPTS) await publishPrompt(db.worker, prompt, SYSTEM);
  const name = "Test source";
  const { id } = await createSource(db.web, { name, format: "generic" }, SYSTEM);
  async function ingest(incidentKey: string, values: object[]): Promise<string> {
    const records = values.map((record, index) => ({
      index,
      bytes: Buffer.from(JSON.stringify(record)),
    }));
    const input = {
      source: { id, name },
      format: "generic",
      incidentKey,
      records,
      normalise,
    } as const;
    const result = await ingestRecords(db.web, input);
    expect(result).toMatchObject({ accepted: values.length, rejected: [] });
    return result.incidents[0]!.id;
  }
  return {
    ingest,
    openIncident: () =>
      ingest(randomUUID(), [
        highAlert(),
        ...Array.from({ length: FAILURES }, (_, i) => logonFailure(i)),
      ]),
    async summaries(incidentId) {
      const all = await listSummaries(db.web, incidentId);
      return {
        rules: all.find(({ origin }) => origin === "rules"),
        model: all.find(({ origin }) => origin === "model"),
      };
    },
    async trailKinds(incidentId) {
      const { rows } = await db.pools.auditor.query<{ kind: string }>(
        "select kind from trail.entry where incident_id = $1 order by seq",
        [incidentId],
      );
      return rows.map(({ kind }) => kind);
    },
  };
}

function highAlert(): object {
  const who = { host: "ws-014", user: "j.doe" };
  return {
    id: randomUUID(),
    kind: "alert",
    time: "2026-03-01T02:14:07Z",
    severity: "high",
    title: TITLE,
    ...who,
  };
}

export function logonFailure(i: number): object {
  const time = `2026-03-01T02:1${i}:30Z`;
  const what = { action: "logon", outcome: "failure", host: "ws-014", "source.ip": "203.0.113.7" };
  return { id: randomUUID(), kind: "event", time, title: "logon failed", ...what };
}

/** The alert as the request shows it to the model. */
export function alertOf(request: FakeRequest): ShownRecord {
  return shownRecords(request).find(({ kind }) => kind === "alert")!;
}

/** A claim about the alert that holds if `text` does. */
export function claimOn(id: string, text: string, over: object = {}): object {
  const predicates = [
    { ...UNUSED, op: "field", evidence: [id], field: "alert.title", value: TITLE },
    { ...UNUSED, op: "field", evidence: [id], field: "host", value: "ws-014" },
  ];
  const citations = [{ id, quote: TITLE }];
  return { text, kind: "observation", polarity: "affirmed", citations, predicates, ...over };
}
