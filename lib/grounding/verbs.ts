import { BLANK } from "./blank.ts";

/** What does something, and to what it is done, by the fields either stands in. */
export type Verb = { name: string; forms: string; actor: RegExp; object: RegExp };
/** A verb beside a thing. Passive: the grammatical subject is what it is done to. */
export type Voice = { verb: Verb; passive: boolean };

export const VERBS: Verb[] = [
  {
    name: "logon",
    forms:
      "log(?:s|ged)?[ -]?(?:on|in|off)|sign(?:s|ed)? (?:in|on)|authenticat(?:e|es|ed)|fail(?:s|ed)? to (?:log|sign) (?:on|in)|(?:succeed|fail)(?:s|ed) (?:in|at)",
    actor: /^(user|target\.user|source\.|time)/,
    object: /^(host|destination\.|time)/,
  },
  {
    name: "start",
    forms:
      "start(?:s|ed)?|launch(?:es|ed)?|spawn(?:s|ed)?|execut(?:e|es|ed)|invok(?:e|es|ed)|ran|runs",
    actor: /^(process\.|parent\.|user)/,
    object: /^(process\.|target\.process|file\.|service\.|task\.|script)/,
  },
  {
    name: "connect",
    forms:
      "connect(?:s|ed)?|contact(?:s|ed)?|communicat(?:e|es|ed)|sent|sends|beacon(?:s|ed)?|quer(?:y|ies|ied)|resolv(?:e|es|ed)|look(?:s|ed) up|reach(?:es|ed)",
    actor: /^(source\.|host|process\.|parent\.|user)/,
    object: /^(destination\.|dns\.|url\.|network\.)/,
  },
  {
    name: "change",
    forms:
      "creat(?:e|es|ed)|install(?:s|ed)?|register(?:s|ed)?|wrote|writes|dropped|drops|add(?:s|ed)?|modif(?:y|ies|ied)|chang(?:es|ed)|updat(?:es|ed)|delet(?:e|es|ed)|remov(?:e|es|ed)|clear(?:s|ed)|download(?:s|ed)|upload(?:s|ed)|open(?:s|ed)|access(?:es|ed)|copie[sd]|disabl(?:es|ed)|enabl(?:es|ed)|mov(?:es|ed)|renam(?:es|ed)",
    actor: /^(user|process\.|parent\.|source\.|host|cloud\.account|cloud\.arn)/,
    object:
      /^(target\.|group\.|file\.|hash\.|registry\.|service\.|task\.|share\.|pipe\.|cloud\.|url\.|email\.|log$|script|rule\.|dns\.)/,
  },
  {
    name: "raise",
    forms: "rais(?:es|ed)|report(?:s|ed)|generat(?:es|ed)|flag(?:s|ged)|issue[sd]",
    actor: /^(source$|vendor|product|log$|rule\.|source\.|host$)/,
    object: /^(alert\.|rule\.|severity)/,
  },
];

const ADVERBS =
  "(?: (?:which|that|who|has|had|have|then|also|first|later|successfully|never|not|did|does|itself))*";
const GAP = `["')]*(?: ?\\([^)]{0,60}\\))?(?:,? (?:on|at|in|from|with|under|via|of|as) (?:(?:the|a|an|its|host|user|account|pid|port|process|address|source|destination|device|ip) ){0,3}["'(]*${BLANK}+["')]*(?: ?\\([^)]{0,60}\\))?){0,4},?`;
const ARTICLES =
  "(?: (?:the|an?|its|new|process|program|file|user|account|service|scheduled|task|group|registry|key|value|domain|name|host|device|url|member|hash|named|called|successfully))*";
const BE = "(?:is|was|are|were|be|been|being|got)";

const AFTER = VERBS.map((verb) => ({
  verb,
  active: new RegExp(`^${GAP}${ADVERBS} (?:${verb.forms})(?! by\\b)(?![\\w-])`, "i"),
  passive: new RegExp(
    `^${GAP}${ADVERBS} (?:${BE} (?:(?:then|also|not|never|first|later|successfully|\\w+ly) )?(?:${verb.forms})(?![\\w-])|(?:${verb.forms}) by\\b)`,
    "i",
  ),
}));
const BEFORE = VERBS.map((verb) => ({
  verb,
  by: new RegExp(`\\b(?:${verb.forms}) by${ARTICLES}[ "'(]*$`, "i"),
  active: new RegExp(`(?<!\\b${BE} )\\b(?:${verb.forms})${ARTICLES}[ "'(]*$`, "i"),
}));

/** The verb whose subject ends where `after` begins, or null. */
export function verbAfter(after: string): Voice | null {
  for (const { verb, active, passive } of AFTER) {
    if (passive.test(after)) return { verb, passive: true };
    if (active.test(after)) return { verb, passive: false };
  }
  return null;
}

/** The verb whose object, or whose "by", begins where `before` ends, or null. */
export function verbBefore(before: string): Voice | null {
  for (const { verb, by, active } of BEFORE) {
    if (by.test(before)) return { verb, passive: true };
    if (active.test(before)) return { verb, passive: false };
  }
  return null;
}
