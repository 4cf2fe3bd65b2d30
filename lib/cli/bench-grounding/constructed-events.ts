/** Sentences about single records: who did what, where, when, to what. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { Predicate } from "#lib/domain/summary/claim.ts";
import { FORMS, RESERVED_FORMS } from "./event-phrases.ts";
import type { Form } from "./event-phrases.ts";
import { clockOf, id, is, said, saidAll, spellTime } from "./sentence.ts";
import type { Scene, Sentence } from "./sentence.ts";

const SLOT = /\{([\w.]+)\}/g;
const TIME = "time";
const RECORD = "record";

/** Up to `most` sentences of each relation, each about a record of its own. */
export function writeEvents(scene: Scene, most: number): Sentence[] {
  const out: Sentence[] = [];
  for (const form of scene.reserved ? RESERVED_FORMS : FORMS) {
    const fitting = scene.records.filter((record) => form.fits(record));
    const chosen = scene.random.sample(fitting, most * 3);
    let left = most;
    for (const record of chosen) {
      const sentence = left > 0 ? write(form, record, scene) : null;
      if (!sentence) continue;
      out.push(sentence);
      left -= 1;
    }
  }
  return out;
}

function write(form: Form, record: EvidenceRecord, scene: Scene): Sentence | null {
  for (const phrase of scene.random.sample(form.phrases, form.phrases.length)) {
    const written = tell(phrase, form.outcome, record, scene);
    if (written) return { relation: form.relation, kind: form.kind ?? "observation", ...written };
  }
  return null;
}

function tell(
  phrase: string,
  outcome: string | undefined,
  record: EvidenceRecord,
  scene: Scene,
): Pick<Sentence, "text" | "predicates" | "cites"> | null {
  const named = [...new Set([...phrase.matchAll(SLOT)].map(([, field = ""]) => field))];
  const plain = named.filter((field) => field !== TIME && field !== RECORD);
  const values = saidAll(record, ...plain);
  const ms = named.includes(TIME) ? clockOf(record) : 0;
  if (!values || ms === null || new Set(Object.values(values)).size < plain.length) return null;
  const time = spellTime(ms, scene.random);
  const spoken: Record<string, string> = { ...values, [TIME]: time.text, [RECORD]: id(record) };
  const text = phrase.replace(SLOT, (_, field: string) => spoken[field] ?? "");
  const predicates: Predicate[] = plain.map((field) => is(record, field, values[field] ?? ""));
  if (named.includes(TIME)) predicates.push(is(record, TIME, time.value));
  if (outcome) predicates.push(is(record, "outcome", outcome));
  return { text, predicates, cites: [{ record, values: Object.values(values) }] };
}

/** A record's command line, told as what the log contains. */
export function writeCommandLines(scene: Scene, most: number): Sentence[] {
  const fitting = scene.records.filter((r) => {
    const line = said(r, "process.command_line");
    return line !== null && /^[\w\\/:. "-]{12,110}$/.test(line) && !line.includes('"');
  });
  return scene.random.sample(fitting, most).flatMap((record) => {
    const values = saidAll(record, "process.command_line", "host");
    if (!values) return [];
    const line = values["process.command_line"];
    const text = scene.random.pick([
      `The log contains the command line "${line}" on ${values.host}.`,
      `${id(record)} contains the command line "${line}".`,
    ])!;
    const predicates = [is(record, "process.command_line", line)];
    if (text.includes(` on ${values.host}.`)) predicates.push(is(record, "host", values.host));
    return [
      {
        relation: "log contains",
        kind: "observation" as const,
        text,
        predicates,
        cites: [{ record, values: [line] }],
      },
    ];
  });
}
