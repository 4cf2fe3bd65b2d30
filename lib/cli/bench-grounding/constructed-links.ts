/** Sentences that join records: order, parentage, what there is none of, what holds for all. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { distinct, fieldIs, fold, isTrue, valuesOf } from "./oracle.ts";
import { clockOf, id, is, over, said, spellTime, where } from "./sentence.ts";
import type { Scene, Sentence } from "./sentence.ts";

export function writeLinks(scene: Scene, most: number): Sentence[] {
  const writers = [orders, chains, absences, universals, onlys];
  return writers.flatMap((write) => write(scene, most));
}

/** A short naming of what one record is about, with the field it rests on. */
function subjectOf(record: EvidenceRecord): { text: string; field: string; value: string } | null {
  const title = said(record, "alert.title");
  if (record.kind === "alert" && title)
    return { text: `the alert "${title}"`, field: "alert.title", value: title };
  for (const [field, name] of [
    ["process.name", "the record of process"],
    ["destination.ip", "the record with destination"],
  ] as const) {
    const value = said(record, field);
    if (value) return { text: `${name} ${value}`, field, value };
  }
  return null;
}

function orders(scene: Scene, most: number): Sentence[] {
  const { random, records } = scene;
  const timed = records.filter((r) => clockOf(r) !== null && subjectOf(r) !== null);
  const found: Sentence[] = [];
  for (const early of random.sample(timed, most * 4)) {
    if (found.length === most) break;
    const late = random.pick(timed);
    const [a, b] = [subjectOf(early), late ? subjectOf(late) : null];
    if (!late || !a || !b || a.value.toLowerCase() === b.value.toLowerCase()) continue;
    if (late.sourceId !== early.sourceId) continue;
    const [from, to] = [clockOf(early) ?? 0, clockOf(late) ?? 0];
    if (from + 1000 > to) continue;
    const [t1, t2] = [spellTime(from, random), spellTime(to, random)];
    const order = over("order", { evidence: [id(early), id(late)] });
    const things = [is(early, a.field, a.value), is(late, b.field, b.value)];
    const times = [is(early, "time", t1.value), is(late, "time", t2.value)];
    const options = [
      { text: `${a.text} came before ${b.text}.`, predicates: [order, ...things] },
      { text: `${b.text} came after ${a.text}.`, predicates: [order, ...things] },
      {
        text: `${a.text} is from ${t1.text}, before ${b.text} at ${t2.text}.`,
        predicates: [order, ...things, ...times],
      },
      {
        text: `${a.text} was recorded first, followed by ${b.text}.`,
        predicates: [order, ...things],
      },
    ];
    const { text, predicates } = options[random.below(3)]!;
    found.push({
      relation: "order",
      kind: "sequence",
      text: text.charAt(0) === "t" ? `T${text.slice(1)}` : text,
      predicates,
      cites: [
        { record: early, values: [a.value] },
        { record: late, values: [b.value] },
      ],
    });
  }
  return found;
}

/** Pairs of process starts where the child's own record names the parent's guid. */
function chains(scene: Scene, most: number): Sentence[] {
  const { random, records } = scene;
  const byGuid = new Map<string, EvidenceRecord>();
  for (const r of records) {
    const [guid] = valuesOf(r, "process.guid");
    if (guid && String(r.fields["event.code"]) === "1") byGuid.set(guid.toLowerCase(), r);
  }
  const pairs = records.flatMap((child) => {
    if (String(child.fields["event.code"]) !== "1") return [];
    const parent = byGuid.get((valuesOf(child, "parent.guid")[0] ?? "").toLowerCase());
    const names = [parent && said(parent, "process.name"), said(child, "process.name")];
    return parent &&
      parent !== child &&
      names[0] &&
      names[1] &&
      fold("process.name", names[0]) !== fold("process.name", names[1])
      ? [{ parent, child, names: names as [string, string] }]
      : [];
  });
  const linked = pairs.filter(
    ({ parent, child }) =>
      isTrue(over("chain", { evidence: [id(parent), id(child)] }), records) === true,
  );
  return random.sample(linked, most).map(({ parent, child, names: [p, c] }) => {
    const host = said(child, "host");
    const predicates = [
      over("chain", { evidence: [id(parent), id(child)] }),
      is(parent, "process.name", p),
      is(child, "process.name", c),
    ];
    if (host) predicates.push(is(child, "host", host));
    const place = host ? ` on ${host}` : "";
    const text = random.pick([
      `${p} started ${c}${place}.`,
      `${c} was started by ${p}${place}.`,
      `${p} launched ${c}${place}.`,
    ])!;
    const cites = [
      { record: parent, values: [p] },
      { record: child, values: [c] },
    ];
    return { relation: "chain", kind: "sequence" as const, text, predicates, cites };
  });
}

/** Pairs of values that no record has together, where every record would have said so. */
function absences(scene: Scene, most: number): Sentence[] {
  const { random, records } = scene;
  const found: Sentence[] = [];
  const pairs = [
    ["host", "event.code"],
    ["host", "user"],
    ["host", "process.name"],
    ["source.ip", "destination.ip"],
    ["source.ip", "destination.port"],
    ["host", "kind"],
  ] as const;
  for (const [a, b] of pairs.flatMap((pair) => [pair, pair])) {
    if (scene.ambiguous(a) || (b !== "kind" && scene.ambiguous(b))) continue;
    const anchor = random.pick(records.filter((r) => said(r, a) !== null));
    const value = anchor && said(anchor, a);
    const other =
      b === "kind"
        ? "alert"
        : random.pick(distinct(records, b).filter((v) => records.some((r) => said(r, b) === v)));
    if (!anchor || !value || !other || fold(a, value) === fold(b, other)) continue;
    const predicate = over("absent", { where: where([a, value], [b, other]) });
    if (isTrue(predicate, records) !== true) continue;
    const text = random.pick(absencePhrases(a, b, value, other))!;
    found.push({
      relation: "absent",
      kind: "gap",
      polarity: "negated",
      text,
      predicates: [predicate],
      cites: [{ record: anchor, values: [value] }],
    });
  }
  const own = random.pick(records.filter((r) => said(r, "event.code") !== null));
  const missing = ["1102", "4720", "7045", "4698", "4769"].find(
    (c) => isTrue(over("absent", { where: where(["event.code", c]) }), records) === true,
  );
  if (own && missing) {
    const text = random.pick([
      `No record has event ID ${missing}.`,
      `There is no record with event code ${missing}.`,
    ])!;
    const predicates = [over("absent", { where: where(["event.code", missing]) })];
    found.push({
      relation: "absent",
      kind: "gap",
      polarity: "negated",
      text,
      predicates,
      cites: [{ record: own, values: [said(own, "event.code") ?? ""] }],
    });
  }
  return random.sample(found, most);
}

function absencePhrases(a: string, b: string, value: string, other: string): string[] {
  if (b === "kind")
    return [
      `There is no alert for ${value}.`,
      `No alert names host ${value}.`,
      `${value} has no alerts.`,
    ];
  if (a === "source.ip" && b === "destination.ip")
    return [
      `${value} did not connect to ${other}.`,
      `No connection from ${value} to ${other} was recorded.`,
      `There is no traffic from ${value} to ${other}.`,
    ];
  if (a === "source.ip")
    return [
      `${value} never connected to port ${other}.`,
      `No record from ${value} has the destination port ${other}.`,
    ];
  if (b === "event.code")
    return [
      `No record of ${value} has event ID ${other}.`,
      `${value} has no events with event code ${other}.`,
    ];
  if (b === "user")
    return [
      `User ${other} does not appear on ${value}.`,
      `No record of host ${value} names user ${other}.`,
    ];
  return [`${other} does not appear on ${value}.`, `No record of host ${value} names ${other}.`];
}

/** Whether the constructor may write the newer operators. */
function universals(scene: Scene, most: number): Sentence[] {
  const { random, records } = scene;
  const found: Sentence[] = [];
  const groups: [string, string, EvidenceRecord[]][] = [["", "records", records]];
  const alerts = records.filter((r) => r.kind === "alert");
  if (alerts.length > 1) groups.push(["kind=alert", "alerts", alerts]);
  for (const code of random.sample(distinct(records, "event.code"), 3)) {
    const own = records.filter((r) => fieldIs(r, "event.code", code) === true);
    if (/^\d+$/.test(code) && own.length > 1)
      groups.push([where(["event.code", code]), `records with event ID ${code}`, own]);
  }
  for (const [query, noun, own] of groups) {
    for (const field of ["host", "severity", "user", "outcome", "source"] as const) {
      const [first] = own;
      const value = first && said(first, field);
      if (!first || !value || own.length < 2 || scene.ambiguous(field)) continue;
      const all = over("all", { where: query, field, value });
      if (isTrue(all, records) !== true) continue;
      const tail = {
        host: `are from host ${value}`,
        severity: `have severity ${value}`,
        user: `name user ${value}`,
        outcome: `have the outcome ${value}`,
        source: `come from source ${value}`,
      }[field];
      const count = over("count", { where: query, n: own.length, cmp: "eq" });
      const options = [
        { text: `All ${noun} ${tail}.`, predicates: [all] },
        { text: `All ${own.length} ${noun} ${tail}.`, predicates: [all, count] },
      ];
      const { text, predicates } = random.pick(options)!;
      found.push({
        relation: "all",
        kind: "observation",
        text,
        predicates,
        cites: [
          {
            record: first,
            values: [value, said(first, "event.code") ?? ""],
          },
        ],
      });
    }
  }
  return random.sample(found, most);
}

function onlys(scene: Scene, most: number): Sentence[] {
  const { random, records } = scene;
  const found: Sentence[] = [];
  for (const [by, field] of [
    ["destination.ip", "source.ip"],
    ["user", "host"],
    ["event.code", "host"],
    ["process.name", "user"],
    ["dns.question", "source.ip"],
  ] as const) {
    if (scene.ambiguous(by) || scene.ambiguous(field)) continue;
    for (const record of random.sample(
      records.filter((r) => said(r, by) !== null && said(r, field) !== null),
      4,
    )) {
      const [key, value] = [said(record, by) ?? "", said(record, field) ?? ""];
      if (distinct(records, field).length < 2 || fold(by, key) === fold(field, value)) continue;
      const only = over("only", { where: where([by, key]), field, value });
      if (isTrue(only, records) !== true) continue;
      found.push({
        relation: "only",
        kind: "observation",
        text: random.pick(onlyPhrases(by, key, value))!,
        predicates: [only],
        cites: [{ record, values: [value, key] }],
      });
      break;
    }
  }
  return random.sample(found, most);
}

function onlyPhrases(by: string, key: string, value: string): string[] {
  if (by === "destination.ip")
    return [
      `Only ${value} connected to ${key}.`,
      `${value} is the only source of traffic to ${key}.`,
    ];
  if (by === "user")
    return [`User ${key} appears only on ${value}.`, `${value} is the only host with user ${key}.`];
  if (by === "event.code")
    return [
      `Only ${value} has records with event ID ${key}.`,
      `Event ID ${key} was recorded only on ${value}.`,
    ];
  if (by === "process.name")
    return [`Only ${value} ran ${key}.`, `${value} is the only user of ${key}.`];
  return [`Only ${value} queried ${key}.`, `${key} was queried only by ${value}.`];
}
