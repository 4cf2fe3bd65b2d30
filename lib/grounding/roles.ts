import { BLANK } from "./blank.ts";
import type { Entity } from "./entities.ts";
import { ROLE_FIELDS } from "./lexicon.ts";
import { type Reading, sentenceAround } from "./reading.ts";
import { type Voice, verbAfter, verbBefore } from "./verbs.ts";

/** A word around an entity, and the fields it lets the entity stand in. */
export type Role = { name: string; fields: { test(field: string): boolean } };

const TYPE_WORDS =
  "the|a|an|its|this|both|user|users|account|host|hosts|device|address|ip|source|destination|port|process|file|parent|child|server|workstation|domain|named|called|at|pid";
const GOVERNOR = new RegExp(
  `\\b(from|to|by|on|for|against|as|into|of)(?:[ "'(]+(?:${TYPE_WORDS}))*[ "'(:]*$`,
  "i",
);
const ADJECTIVE =
  /\b(source|destination|parent|child|target|client|server)(?: (?:address|ip|host|port|process|user|account))?:?[ "'(]*$/i;
const AS_ROLE =
  /^["')]* (?:\([^)]{0,40}\) )?as (?:the |a |their |its )?(source|destination|parent|child|target)\b/i;
const NOUNS =
  "source|destination|parent|child|target|client|server|user|account|host|device|workstation|process|program|file|hash|service|task|port|pid|address|domain";
/** "X is the source", "X, a child", "X the destination". */
const IS_NOUN = new RegExp(
  `^["')]*(?: (?:is|was|are|were) (?:the |an? |its |their )?(?:only )?|,? (?:the|an?) )(${NOUNS})\\b(?! ?["'(]*${BLANK})`,
  "i",
);
/** "The parent process of Y was X", "its destination is X". */
const NOUN_IS = new RegExp(
  `\\b(${NOUNS})(?: (?:address|process|host|ip|port|user|account|name))?(?: (?:of|in|on|for|from|at|to) [^.;]{0,120})?,? (?:is|was|are|were) ["'(]*$`,
  "i",
);
const TYPE_NOUN =
  /\b(user|account|host|device|workstation|process|program|file|hash|service|task|port|pid|domain)s? ?["'(:]*$/i;
/** "Logons of X", "the child of X", "a process of X". */
const OF_NOUN = new RegExp(
  `\\b(log(?:ged)?[ -]?(?:on|in)s?|sign[ -]?ins?|connections?|parent|child|process|address|source|destination)(?: process| address)?(?: |${BLANK})*of(?:[ "'(]+(?:the|host|user|account|device|process))*[ "'(:]*$`,
  "i",
);
const AND = new RegExp(
  `${BLANK}["')]*(?: and |, and )(?:the |port |user |host |both )*["'(]*$`,
  "i",
);

/** Nouns that tell what place in an event a thing has. */
const PLACES: Record<string, RegExp> = {
  source: /^(source\.|source$)/,
  client: /^source\./,
  destination: /^(destination\.|url\.|dns\.)/,
  server: /^(destination\.|host|url\.)/,
  parent: /^parent\./,
  child: /^(process\.|target\.process)/,
  target: /^(target\.|destination\.|host)/,
};
const USER = /^(user|target\.user|ticket\.owner|email\.)/;
const HOST = /^(host|source\.host|destination\.host|target\.host)/;
const PROCESS = /^(process\.|parent\.|target\.process|file\.)/;
const TYPES: Record<string, RegExp> = {
  user: USER,
  account: /^(user|target\.user|ticket\.owner|email\.|cloud\.)/,
  host: HOST,
  device: HOST,
  workstation: HOST,
  process: PROCESS,
  program: PROCESS,
  file: /^(file\.|process\.path|process\.name|target\.process|hash\.)/,
  hash: /^hash\./,
  service: /^(service\.|process\.)/,
  task: /^task\./,
  port: /\.port$/,
  pid: /\.pid$/,
  address: /\.ip$/,
  domain: /^(dns\.|url\.|destination\.host|user\.domain|host)/,
};
/** What the thing after "of" is, by the noun before. */
const OF: Record<string, RegExp> = {
  logon: /^(user|target\.user)/,
  connection: /^(source\.|host|process\.)/,
  parent: /^(process\.|target\.process)/,
  child: /^parent\./,
  process: /^(host|user)/,
  address: /^$/,
  source: /^(destination\.|url\.|dns\.|alert\.|rule\.)/,
  destination: /^(source\.|host|alert\.|rule\.)/,
};

const remembered = new WeakMap<Entity, { role: Role | null }>();

/** The fields an entity must stand in by the words around it, or null when they do not say. */
export function roleOf(reading: Reading, entity: Entity): Role | null {
  const known = remembered.get(entity);
  if (known) return known.role;
  remembered.set(entity, { role: null });
  const role = readRole(reading, entity);
  remembered.set(entity, { role });
  return role;
}

function readRole(reading: Reading, entity: Entity): Role | null {
  const [from, to] = sentenceAround(reading, entity);
  const before = reading.masked.slice(Math.max(from, entity.start - 200), entity.start);
  const after = reading.masked.slice(entity.end, Math.min(to, entity.end + 200));
  const found = [nounRole(before, after), placeRole(reading, entity, before, after, from)];
  const roles = found.filter((r) => r !== null);
  const [first, second] = roles;
  if (!first || !second) return first ?? null;
  const fields = { test: (f: string) => first.fields.test(f) && second.fields.test(f) };
  return { name: `${second.name} ${first.name}`, fields };
}

/** What kind of thing it is: "user X", "X is a host". */
function nounRole(before: string, after: string): Role | null {
  const noun = TYPE_NOUN.exec(before)?.[1]?.toLowerCase();
  if (noun && TYPES[noun]) return { name: noun, fields: TYPES[noun] };
  const is = IS_NOUN.exec(after)?.[1]?.toLowerCase();
  if (is && TYPES[is]) return { name: `is ${is}`, fields: TYPES[is] };
  const told = NOUN_IS.exec(lastClause(before))?.[1]?.toLowerCase();
  return told && TYPES[told] ? { name: told, fields: TYPES[told] } : null;
}

function placeRole(
  reading: Reading,
  entity: Entity,
  before: string,
  after: string,
  from: number,
): Role | null {
  const as = AS_ROLE.exec(after)?.[1]?.toLowerCase();
  if (as && PLACES[as]) return { name: `as ${as}`, fields: PLACES[as] };
  const is = IS_NOUN.exec(after)?.[1]?.toLowerCase();
  if (is && PLACES[is]) return { name: is, fields: PLACES[is] };
  const adjective = ADJECTIVE.exec(before)?.[1]?.toLowerCase();
  if (adjective && PLACES[adjective] && !/incident/i.test(before)) {
    return { name: adjective, fields: PLACES[adjective] };
  }
  const told = NOUN_IS.exec(lastClause(before))?.[1]?.toLowerCase();
  if (told && PLACES[told]) return { name: told, fields: PLACES[told] };
  const of = ofRole(before);
  if (of) return of;
  const governed = governorRole(reading, before, from);
  if (governed) return governed;
  if (AND.test(before)) return inherited(reading, entity);
  const subject = verbAfter(after);
  if (subject) return voiceRole(subject, "subject");
  const object = verbBefore(before);
  return object ? voiceRole(object, "object") : null;
}

function ofRole(before: string): Role | null {
  const noun = OF_NOUN.exec(before)?.[1]?.toLowerCase();
  if (!noun) return null;
  const key = /^(?:log|sign)/.test(noun) ? "logon" : noun.replace(/s$/, "");
  const fields = OF[key];
  return fields ? { name: `${key} of`, fields } : null;
}

/** A logon is from an address, for a user, and on a host; a record's own host is where it was. */
function governorRole(reading: Reading, before: string, from: number): Role | null {
  const governor = GOVERNOR.exec(before)?.[1]?.toLowerCase();
  const fields = governor ? ROLE_FIELDS[governor] : undefined;
  if (!governor || !fields) return null;
  const isLogon = reading.words.some((w) => w.concept === "logon" && w.start >= from);
  if (!isLogon || (governor !== "from" && governor !== "for")) return { name: governor, fields };
  const narrow =
    governor === "from" ? /^(source|url\.|time|email\.)/ : /^(user|target\.user|service|time)/;
  return { name: `logon ${governor}`, fields: narrow };
}

/** "to A and B": B is where A is. */
function inherited(reading: Reading, entity: Entity): Role | null {
  const at = reading.entities.indexOf(entity);
  const previous = reading.entities[at - 1];
  if (!previous || previous.type !== entity.type) return null;
  const role = remembered.get(previous)?.role ?? null;
  return role?.name === "subject" || role?.name === "object" ? null : role;
}

function voiceRole(voice: Voice, position: "subject" | "object"): Role {
  const isActor = (position === "subject") !== voice.passive;
  return { name: position, fields: isActor ? voice.verb.actor : voice.verb.object };
}

function lastClause(before: string): string {
  return before.split(/, |; | and (?=(?:its|the|their|whose) )/i).at(-1) ?? before;
}
