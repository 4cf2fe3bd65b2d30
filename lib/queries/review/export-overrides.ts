import type { OverrideFilter } from "#lib/contracts/override-inputs.ts";
import type { OverrideView } from "#lib/contracts/override-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { contentWords } from "#lib/domain/decision/words.ts";
import { plainSentence } from "#lib/domain/sentence.ts";
import { csvRow } from "#lib/trail/csv.ts";
import { listOverrides } from "./list-overrides.ts";

/** The newest that one file holds; a narrower period or another filter gives the rest. */
export const OVERRIDES_MAX = 50_000;
const PAGE = 500;

/** Each override as one line of JSON in the shape of `OverrideView`, the newest first; a page at a time in memory. */
export async function* exportOverrides(db: Db, filter: OverrideFilter): AsyncGenerator<string> {
  for await (const override of all(db, filter)) yield JSON.stringify(override);
}

const COLUMNS = [
  "override",
  "at",
  "kind",
  "person",
  "incident",
  "model",
  "prompt",
  "rule",
  "said",
  "against",
  "reason",
  "verdict",
  "verdict_note",
  "verdict_by",
  "verdict_at",
] as const;

/** The same as a table, RFC 4180, with a row of names first; no cell of it is a formula. */
export async function* exportOverridesTable(
  db: Db,
  filter: OverrideFilter,
): AsyncGenerator<string> {
  yield csvRow(COLUMNS);
  for await (const override of all(db, filter)) yield csvRow(cellsOf(override));
}

function cellsOf(override: OverrideView): string[] {
  const { claim, decision, prompt, verdict } = override;
  return [
    override.id,
    override.at,
    override.kind,
    override.person.name,
    override.incident.number,
    override.model ?? "",
    prompt ? `${prompt.name}/${prompt.version}` : "",
    decision
      ? [`policy ${decision.policyVersion}`, ...decision.refusals.map(({ code }) => code)].join(" ")
      : "",
    claim?.text ?? (decision ? plainSentence(contentWords(decision.content)) : ""),
    override.replacement ?? decision?.refusals.map(({ sentence }) => sentence).join(" ") ?? "",
    override.reason ?? "",
    verdict?.outcome ?? "",
    verdict?.note ?? "",
    verdict?.person.name ?? "",
    verdict?.at ?? "",
  ];
}

async function* all(db: Db, filter: OverrideFilter): AsyncGenerator<OverrideView> {
  let cursor: string | null = null;
  let left = OVERRIDES_MAX;
  do {
    const page = await listOverrides(db, { ...filter, cursor, limit: Math.min(PAGE, left) });
    yield* page.overrides;
    left -= page.overrides.length;
    cursor = page.nextCursor;
  } while (cursor !== null && left > 0);
}
