/** What the model of the copilot's stories answers: told by the title of the alert it is shown, and by what it is asked. */
import type { Answer, FakeRequest } from "./fake-model/answer.ts";
import { honestAnswer, shownRecords } from "./fake-model/claims-from-evidence.ts";
import type { ShownRecord } from "./fake-model/claims-from-evidence.ts";
import { isRepair, NONE } from "./model-desk.ts";

export const BURST = "Burst of failed sign-ins";
export const HOSTILE = "Mail with an order in it";
/** What a model must never bring onto a page as anything but letters. */
export const MARKUP =
  '<img src="http://elsewhere.example/x.png" onerror="alert(1)"> ![x](http://elsewhere.example/y.png) **bold**';

/** Its summary takes seconds, so that a reader can see it come. */
export const SLOW_BURST = "Slow burst of failed sign-ins";
const SLOWLY = { chunkChars: 40, chunkDelayMs: 300 };

export function script(request: FakeRequest): Answer {
  if (isRepair(request)) return { type: "refusal" };
  const records = shownRecords(request);
  const alert = records.find(({ kind }) => kind === "alert");
  if (alert?.title === HOSTILE) return { type: "claims", claims: [claim(MARKUP, alert)] };
  if (alert?.title !== BURST && alert?.title !== SLOW_BURST) return honestAnswer(request);
  if (request.text.includes("Please refuse")) return { type: "refusal", partial: '{"claims":[' };
  if (request.text.includes("Please be slow"))
    return { type: "stalled", partial: `{"claims":[${JSON.stringify(claims(records)[0])},` };
  const pace = alert.title === SLOW_BURST ? SLOWLY : {};
  return { type: "claims", claims: claims(records), ...pace };
}

/** A right number, a wrong one, a wrong address, an opinion: about the host as the model is shown it, by a pseudonym. */
function claims(records: readonly ShownRecord[]): unknown[] {
  const events = records.filter(({ kind }) => kind === "event");
  const first = events[0]!;
  const host = String(first.fields["host"]);
  const where = `host=${host} & outcome=failure`;
  const count = (n: number) => [{ ...NONE, op: "count", where, cmp: "eq", n }];
  return [
    claim(`There are ${events.length} failed sign-ins on ${host}.`, first, count(events.length)),
    claim(`There are ${events.length + 2} failed sign-ins on ${host}.`, first, count(99)),
    claim(`A sign-in to ${host} came from 203.0.113.250.`, first),
    { ...claim(`The sign-ins on ${host} look like guessing.`, first), kind: "assessment" },
  ];
}

function claim(text: string, cited: ShownRecord, predicates: unknown[] = []) {
  const host = String(cited.fields["host"]);
  return {
    text,
    kind: predicates.length > 0 ? "count" : "observation",
    polarity: "affirmed",
    citations: [{ id: cited.id, quote: `"host":"${host}"` }],
    predicates,
  };
}
