import type { Answer, FakeRequest } from "./server.ts";

export type ShownRecord = {
  id: string;
  kind: string;
  title: string;
  fields: Record<string, unknown>;
  raw: string | null;
};

/** The records that a request shows to the model. */
export function shownRecords({ body }: Pick<FakeRequest, "body">): ShownRecord[] {
  const block = body.messages?.[0]?.content[0]?.text ?? "";
  return block
    .split("\n")
    .filter((line) => line.startsWith('{"id":'))
    .map((line) => JSON.parse(line) as ShownRecord);
}

/** One honest claim for each of the first alerts: its title, quoted from its raw text. */
export function honestAnswer(request: Pick<FakeRequest, "body">): Answer {
  const alerts = shownRecords(request).filter((record) => record.kind === "alert");
  return { type: "claims", claims: alerts.slice(0, 5).flatMap(claimOf) };
}

function claimOf({ id, fields, raw }: ShownRecord): unknown[] {
  const title = fields["alert.title"];
  if (typeof title !== "string" || !raw?.includes(title)) return [];
  return [
    {
      text: `"${title}" is an alert.`,
      kind: "observation",
      polarity: "affirmed",
      citations: [{ id, quote: title.slice(0, 120) }],
      predicates: [
        {
          op: "field",
          evidence: [id],
          where: "",
          field: "alert.title",
          value: title,
          cmp: "none",
          n: 0,
          within_s: 0,
        },
      ],
    },
  ];
}
