import type { FakeBody } from "./answer.ts";
import type { GoodAnswer } from "./faults.ts";
import { asBlocks } from "./usage.ts";

export type ShownRecord = {
  id: string;
  kind: string;
  title: string;
  fields: Record<string, unknown>;
  raw: string | null;
};

/** The records that a request shows to the model, in whichever block they stand. */
export function shownRecords({ body }: { body: FakeBody }): ShownRecord[] {
  return (body.messages ?? [])
    .flatMap(({ content }) => asBlocks(content))
    .flatMap(({ text }) => (text ?? "").split("\n"))
    .flatMap((line) => recordOf(line) ?? []);
}

function recordOf(line: string): ShownRecord | null {
  if (!line.startsWith("{")) return null;
  try {
    const value = JSON.parse(line) as ShownRecord;
    return /^E\d+$/.test(value.id) ? value : null;
  } catch {
    return null;
  }
}

/** One honest claim for each of the first alerts: its title, quoted from its raw text. */
export function honestAnswer(request: { body: FakeBody }, most = 5): GoodAnswer {
  const alerts = shownRecords(request).filter((record) => record.kind === "alert");
  return { type: "claims", claims: alerts.slice(0, most).flatMap(claimOf) };
}

function claimOf({ id, fields, raw }: ShownRecord): unknown[] {
  const title = fields["alert.title"];
  if (typeof title !== "string" || !raw?.includes(title)) return [];
  const predicate = {
    op: "field",
    evidence: [id],
    where: "",
    field: "alert.title",
    value: title,
    cmp: "none",
    n: 0,
    within_s: 0,
  };
  return [
    {
      text: `"${title}" is an alert.`,
      kind: "observation",
      polarity: "affirmed",
      citations: [{ id, quote: title.slice(0, 120) }],
      predicates: [predicate],
    },
  ];
}
