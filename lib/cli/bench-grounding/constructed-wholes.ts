/** Sentences about all records of an incident: how many, how many different, when first, how long. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { distinct, fold, timeMs, valuesOf } from "./oracle.ts";
import { RESERVED_COUNTS, RESERVED_FIRST, RESERVED_LAST } from "./reserved-phrases.ts";
import { isTellable, over, spellCount, spellTime, where } from "./sentence.ts";
import type { Scene, Sentence } from "./sentence.ts";

/** Fields by which records are counted, and how a person names their holders. */
const SUBJECTS: Record<string, (value: string) => string> = {
  host: (value) => `host ${value}`,
  user: (value) => `user ${value}`,
  "target.user": (value) => `the account ${value}`,
  "source.ip": (value) => `source address ${value}`,
  "destination.ip": (value) => `destination ${value}`,
  "process.name": (value) => `process ${value}`,
  "event.code": (value) => `event ID ${value}`,
};
/** Names that only the other side wrote prove no more than that the log has them. */
const isSensed = ({ field }: { field: string }) => field !== "target.user";
const NOUNS: Record<string, string> = {
  host: "hosts",
  user: "users",
  "source.ip": "source addresses",
  "destination.ip": "destination addresses",
  "destination.port": "destination ports",
  "process.name": "processes",
  "dns.question": "domains",
};

const FIRST = [
  "{name} was first seen at {time}.",
  "The first record of {name} is from {time}.",
  "{name} first appears at {time}.",
  "The earliest record that names {name} is from {time}.",
];
const LAST = [
  "{name} was last seen at {time}.",
  "The last record of {name} is from {time}.",
  "The latest record with {name} is from {time}.",
];

type Held = { field: string; value: string; records: EvidenceRecord[] };

/** Values that can be told and counted, with the records that have them, the same every time. */
function holders(scene: Scene): Held[] {
  const found: Held[] = [];
  for (const field of Object.keys(SUBJECTS)) {
    if (scene.ambiguous(field)) continue;
    const byValue = new Map<string, Held>();
    for (const record of scene.records) {
      for (const value of valuesOf(record, field)) {
        const key = fold(field, value);
        const held = byValue.get(key) ?? { field, value, records: [] };
        if (held.records.at(-1) !== record) held.records.push(record);
        byValue.set(key, held);
      }
    }
    found.push(...[...byValue.values()].filter(({ value }) => isTellable(field, value)));
  }
  return found;
}

export function writeWholes(scene: Scene, most: number): Sentence[] {
  const held = holders(scene);
  if (scene.reserved) return [...counts(scene, held, most), ...edges(scene, held, most)];
  const writers = [counts, pairCounts, outcomeCounts, differences, edges, spans, sums];
  return writers.flatMap((write) => write(scene, held, most));
}

function counts(scene: Scene, held: Held[], most: number): Sentence[] {
  const { random, records } = scene;
  const total = records.length;
  return random.sample(held, most).map(({ field, value, records: own }) => {
    const n = spellCount(own.length, random);
    const noun = own.length === 1 ? "record" : "records";
    const verb = own.length === 1 ? "names" : "name";
    const name = SUBJECTS[field]!(value);
    const query = where([field, value]);
    const exact = over("count", { where: query, n: own.length, cmp: "eq" });
    const lower = Math.max(1, own.length - random.below(3));
    const whole = over("count", { n: total, cmp: "eq" });
    const options = [
      {
        text: `There ${own.length === 1 ? "is" : "are"} ${n} ${noun} with ${name}.`,
        predicates: [exact],
      },
      { text: `${n} ${noun} ${verb} ${name}.`, predicates: [exact] },
      { text: `${name} appears in ${n} ${noun}.`, predicates: [exact] },
      {
        text: `${own.length} of the ${total} records ${verb} ${name}.`,
        predicates: [exact, whole],
      },
      {
        text: `At least ${lower} ${lower === 1 ? "record names" : "records name"} ${name}.`,
        predicates: [{ ...exact, n: lower, cmp: "gte" as const }],
      },
    ];
    const reserved = RESERVED_COUNTS.map((phrase) => ({
      text: phrase.replace("{n}", n).replace("{records}", noun).replace("{name}", name),
      predicates: [exact],
    }));
    const { text, predicates } = random.pick(scene.reserved ? reserved : options)!;
    return {
      relation: "count",
      kind: "count",
      text: capitalised(text),
      predicates,
      cites: citing(own, value),
    };
  });
}

function pairCounts(scene: Scene, held: Held[], most: number): Sentence[] {
  const { random } = scene;
  return random
    .sample(held, most * 3)
    .slice(0, most)
    .flatMap((one) => {
      const other = random.pick(held.filter((h) => h.field !== one.field));
      if (!other) return [];
      const own = one.records.filter((r) => other.records.includes(r));
      const [first] = own;
      if (!first) return [];
      const n = spellCount(own.length, random);
      const noun = own.length === 1 ? "record" : "records";
      const [a, b] = [SUBJECTS[one.field]!(one.value), SUBJECTS[other.field]!(other.value)];
      const query = where([one.field, one.value], [other.field, other.value]);
      const text = random.pick([
        `${n} ${noun} ${own.length === 1 ? "has" : "have"} ${a} and ${b}.`,
        `${a} and ${b} appear together in ${n} ${noun}.`,
        `For ${a} there ${own.length === 1 ? "is" : "are"} ${n} ${noun} with ${b}.`,
      ])!;
      const predicates = [over("count", { where: query, n: own.length, cmp: "eq" })];
      return [
        {
          relation: "count",
          kind: "count" as const,
          text: capitalised(text),
          predicates,
          cites: citing(own, one.value),
        },
      ];
    });
}

function outcomeCounts(scene: Scene, held: Held[], most: number): Sentence[] {
  const { random } = scene;
  const subjects = held.filter(({ field }) =>
    ["host", "user", "target.user", "source.ip"].includes(field),
  );
  return random
    .sample(subjects, most * 4)
    .flatMap(({ field, value, records }) => {
      const outcome = random.pick(distinct(records, "outcome"));
      if (outcome === undefined || !/^(?:failure|success|blocked|allowed)$/.test(outcome))
        return [];
      const own = records.filter((r) => valuesOf(r, "outcome").includes(outcome));
      const n = spellCount(own.length, random);
      const noun = own.length === 1 ? "record" : "records";
      const word = {
        failure: "failed",
        success: "successful",
        blocked: "blocked",
        allowed: "allowed",
      }[outcome as "failure"];
      const text = random.pick([
        `${n} ${noun} of ${SUBJECTS[field]!(value)} ${own.length === 1 ? "has" : "have"} the outcome ${outcome}.`,
        `There ${own.length === 1 ? "is" : "are"} ${n} ${word} ${noun} for ${SUBJECTS[field]!(value)}.`,
      ])!;
      const query = where([field, value], ["outcome", outcome]);
      const predicates = [over("count", { where: query, n: own.length, cmp: "eq" })];
      return [
        {
          relation: "count of outcomes",
          kind: "count" as const,
          text: capitalised(text),
          predicates,
          cites: citing(own, value),
        },
      ];
    })
    .slice(0, most);
}

function differences(scene: Scene, held: Held[], most: number): Sentence[] {
  const { random, records } = scene;
  const found: Sentence[] = [];
  for (const field of random.sample(Object.keys(NOUNS), 7)) {
    if (found.length === most || scene.ambiguous(field)) continue;
    const subject = random.pick(
      held.filter((h) => h.field !== field && h.records.some((r) => valuesOf(r, field).length > 0)),
    );
    const own = subject && random.below(2) === 0 ? subject.records : records;
    const values = distinct(own, field);
    if (values.length < 2) continue;
    const n = spellCount(values.length, random);
    const name = own === records || !subject ? null : SUBJECTS[subject.field]!(subject.value);
    const text = name
      ? random.pick([
          `${n} different ${NOUNS[field]} appear in the records of ${name}.`,
          `The records of ${name} name ${n} distinct ${NOUNS[field]}.`,
        ])!
      : random.pick([
          `${n} different ${NOUNS[field]} appear in the records.`,
          `The records name ${n} distinct ${NOUNS[field]} in total.`,
        ])!;
    const query = name && subject ? where([subject.field, subject.value]) : "";
    const predicates = [over("distinct", { where: query, field, n: values.length, cmp: "eq" })];
    const cited = own.filter((r) => valuesOf(r, field).length > 0);
    found.push({
      relation: "distinct",
      kind: "count",
      text: capitalised(text),
      predicates,
      cites: cited.slice(0, 2).map((record) => ({ record, values: valuesOf(record, field) })),
    });
  }
  return found;
}

const allTimed = (records: EvidenceRecord[]) =>
  records.every((r) => r.timeQuality === "exact" && timeMs(r) !== null);

function edges(scene: Scene, held: Held[], most: number): Sentence[] {
  const { random } = scene;
  return random
    .sample(
      held.filter((h) => isSensed(h) && allTimed(h.records)),
      most,
    )
    .map((one) => {
      const first = random.below(2) === 0;
      const times = one.records.map((r) => timeMs(r) ?? 0);
      const ms = times.reduce((a, b) => (first ? Math.min(a, b) : Math.max(a, b)));
      const edge = one.records[times.indexOf(ms)]!;
      const time = spellTime(ms, random);
      const name = SUBJECTS[one.field]!(one.value);
      const known = first ? FIRST : LAST;
      const kept = first ? RESERVED_FIRST : RESERVED_LAST;
      const phrase = random.pick(scene.reserved ? kept : known) ?? "";
      const text = phrase.replace("{name}", name).replace("{time}", time.text);
      const op = first ? ("first_seen" as const) : ("last_seen" as const);
      const predicates = [over(op, { where: where([one.field, one.value]), value: time.value })];
      return {
        relation: first ? "first seen" : "last seen",
        kind: "sequence",
        text: capitalised(text),
        predicates,
        cites: citing([edge], one.value),
      };
    });
}

function spans(scene: Scene, held: Held[], most: number): Sentence[] {
  const { random } = scene;
  const long = held.filter((h) => h.records.length > 1 && isSensed(h) && allTimed(h.records));
  return random
    .sample(long, most * 2)
    .flatMap((one) => {
      const times = one.records.map((r) => timeMs(r) ?? 0).toSorted((a, b) => a - b);
      const seconds = Math.round(((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000);
      if (seconds < 2) return [];
      const [n, spelled] = spellDuration(seconds, random.below(2) === 0);
      const name = SUBJECTS[one.field]!(one.value);
      const text = random.pick([
        `The records of ${name} span ${spelled}.`,
        `${spelled} lie between the first and the last record of ${name}.`,
        `From the first to the last record of ${name} it is ${spelled}.`,
      ])!;
      const predicates = [over("duration", { where: where([one.field, one.value]), n, cmp: "eq" })];
      const last = one.records.find((r) => timeMs(r) === times.at(-1))!;
      const first = one.records.find((r) => timeMs(r) === times[0])!;
      return [
        {
          relation: "duration",
          kind: "sequence" as const,
          text,
          predicates,
          cites: citing([first, last], one.value),
        },
      ];
    })
    .slice(0, most);
}

/** Seconds as said and as a predicate has them: in whole minutes or hours only when they are whole, or rounded. */
function spellDuration(seconds: number, rounded: boolean): [number, string] {
  if (rounded && seconds >= 600 && seconds < 7200) {
    const minutes = Math.round(seconds / 60);
    return [minutes * 60, `${minutes} minutes`];
  }
  if (rounded && seconds >= 36_000) {
    const hours = Math.round(seconds / 3600);
    return [hours * 3600, `${hours} hours`];
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0 || seconds > 3600) return [seconds, `${seconds} seconds`];
  const rest = seconds % 60;
  const head = `${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  return [seconds, rest === 0 ? head : `${head} ${rest} ${rest === 1 ? "second" : "seconds"}`];
}

function sums(scene: Scene, held: Held[], most: number): Sentence[] {
  const { random } = scene;
  const sources = held.filter(
    ({ field, records }) =>
      field === "source.ip" && records.some((r) => r.fields["network.bytes_out"] !== undefined),
  );
  return random.sample(sources, most).flatMap((one) => {
    const out = random.below(2) === 0;
    const field = out ? "network.bytes_out" : "network.bytes_in";
    const told = one.records.filter((r) => valuesOf(r, field).length > 0);
    const n = told.reduce((total, r) => total + Number(valuesOf(r, field)[0]), 0);
    if (!Number.isSafeInteger(n) || n < 1) return [];
    const spelled = random.pick([`${n} bytes`, `${n.toLocaleString("en-US")} bytes`])!;
    const text = out
      ? random.pick([
          `${one.value} sent ${spelled} in total.`,
          `In total, ${spelled} were sent by ${one.value}.`,
        ])!
      : random.pick([
          `${one.value} received ${spelled} in total.`,
          `In total, ${one.value} received ${spelled}.`,
        ])!;
    const predicates = [
      over("sum", { where: where(["source.ip", one.value]), field, n, cmp: "eq" }),
    ];
    return [
      { relation: "sum", kind: "count" as const, text, predicates, cites: citing(told, one.value) },
    ];
  });
}

/** One or two records that stand for the rest. */
function citing(records: EvidenceRecord[], value: string): Sentence["cites"] {
  return records.slice(0, 2).map((record) => ({ record, values: [value] }));
}

function capitalised(text: string): string {
  return /^(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|host|user|the|source|destination|process|event) /.test(
    text,
  )
    ? text.charAt(0).toUpperCase() + text.slice(1)
    : text;
}
