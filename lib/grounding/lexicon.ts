import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { queryValues } from "./query.ts";

/** What a word of a claim needs before it may stand. */
export const WORD_CLASSES = [
  "neutral",
  "contains",
  "negation",
  "universal",
  "first",
  "last",
  "top",
  "cause",
  "attribution",
  "assessment",
  "verdict",
  "intent",
  "after",
  "before",
  "spawn",
  "outcome",
  "concept",
] as const;
export type WordClass = (typeof WORD_CLASSES)[number];
export type Word = { class: WordClass; start: number; end: number; text: string; concept?: string };

const list = (text: string) => text.split(" ");

/** Phrases and words that need more than an entity to stand, the longest first. */
const PHRASES: [WordClass, RegExp][] = [
  [
    "top",
    /\bmore (?:often )?than any other\b|\bthe (?:most|highest|largest|greatest)\b|\b(?:most|least|fewest|highest|largest|greatest|lowest|busiest|rarest|top)\b/gi,
  ],
  [
    "verdict",
    /\bfalse[ -]positives?\b|\btrue[ -]positives?\b|\b(?:benign|approved?|allow-?listed|white-?listed|authori[sz]ed|legitimate|harmless|safe|clean|expected|sanctioned|normal|routine|trusted|unauthori[sz]ed)\b/gi,
  ],
  [
    "cause",
    /\bbecause(?: of)?\b|\bdue to\b|\bas a result(?: of)?\b|\bso that\b|\bled to\b|\bleading to\b|\bresult(?:s|ed|ing)? (?:in|from)\b|\bthanks to\b|\bin response to\b|\b(?:caus(?:e|es|ed|ing)|therefore|hence|thus|consequently|enabl(?:e|es|ed|ing)|trigger(?:s|ed|ing)?|since|thereby|allow(?:s|ing))\b/gi,
  ],
  [
    "attribution",
    /\b(?:attribut\w{0,8}|apt\d*|threat actors?|adversar(?:y|ies)|attackers?|hackers?|intruders?|nation-state|state-sponsored|campaigns?|insiders?|gangs?|cybercriminals?|operators?|affiliates?)\b/gi,
  ],
  [
    "intent",
    /\bin order to\b|\bintend(?:s|ed|ing)?\b|\bintent(?:ion)?(?:s|ally)?\b|\b(?:aim(?:s|ed|ing)?|attempt(?:s|ed|ing)?|tr(?:y|ies|ied|ying)|want(?:s|ed)?|deliberately|goal|purpose|motive|plan(?:s|ned|ning)?|seek(?:s|ing)?|sought)\b/gi,
  ],
  [
    "assessment",
    /\b(?:suspicious(?:ly)?|malicious(?:ly)?|compromis\w{0,6}|likely|unlikely|probabl[ey]|possibl[ey]|potential(?:ly)?|apparent(?:ly)?|appears to|seem(?:s|ed|ingly)?|suggest\w{0,4}|indicat\w{0,5}|consistent with|confirm\w{0,5}|evident(?:ly)?|clear(?:ly)?|unusual(?:ly)?|anomal\w{0,5}|abnormal(?:ly)?|unexpected(?:ly)?|severe|serious|dangerous|sophisticated|advanced|successful compromise|breach(?:ed|es)?|infect\w{0,5}|attack(?:s|ed|ing)?|intrusion|exfiltrat\w{0,4}|ransomware|malware|exploit\w{0,5}|brute[ -]?forc\w{0,3}|credential (?:theft|dumping|access)|lateral movement|persistence|escalat\w{0,4}|hands-on-keyboard|reconnaissance|threat|risk(?:y)?|critical impact|may|might|could|should|would|must)\b/gi,
  ],
  [
    "universal",
    /\bno other\b|\bnothing else\b|\bnone but\b|\b(?:all|every|everyone|everything|each|any|only|solely|exclusively|always|entire(?:ly)?|whole|both|throughout|everywhere|everybody|anyone|unanimously|across the board|exactly all|sole)\b/gi,
  ],
  [
    "negation",
    /\b(?:did|does|do|was|were|is|are|has|have|had|could|can|would|will) ?n['o]t\b|\bn't\b|\b(?:cannot|not|no|none|never|neither|nor|without|nothing|nobody|absen(?:t|ce)|lack(?:s|ed|ing)?|missing|miss(?:es|ed)?|un(?:known|stated|recorded)|zero|empty|fail(?:s|ed)? to)\b/gi,
  ],
  [
    "after",
    /\b(?:preceded by|after(?:wards)?|following|subsequent to|subsequently|later than|followed(?! by))\b/gi,
  ],
  [
    "before",
    /\b(?:followed by|before|prior to|preced(?:es|ed|ing)|earlier than|then|and then|later)\b/gi,
  ],
  ["first", /\b(?:first|earliest|initial(?:ly)?|began|begins?|start(?:s|ing)? at|new(?:ly)?)\b/gi],
  ["last", /\b(?:last|latest|final(?:ly)?|most recent|ended|ends?)\b/gi],
  [
    "spawn",
    /\b(?:was |were )?(?:start(?:ed|s)|launch(?:ed|es)|spawn(?:ed|s)|execut(?:ed|es)|creat(?:ed|es)|invok(?:ed|es)|ran|runs|(?<=\b(?:not|never) )(?:start|launch|spawn|execute|create|invoke|run))\b(?: by\b)?/gi,
  ],
  [
    "contains",
    /\b(?:the |this |these )?(?:log|record|field|event|alert|command line|data|evidence|message|script|subject|user agent|e\d{1,7})s? (?:line |text |entry )?(?:contain(?:s|ed)?|say(?:s)?|read(?:s)?|name(?:s|d)?|mention(?:s|ed)?|record(?:s|ed)?|state(?:s|d)?|list(?:s|ed)?|show(?:s|ed)?)\b/gi,
  ],
];

/** Function words and words about records themselves: they assert nothing to check. */
const NEUTRAL = new Set(
  list(
    "a an the about come comes came went goes concern concerns concerned this that these those it its their there here which who whom whose what when where while and " +
      "but of in on at to from for by with as into onto over under within between via through during against " +
      "than is are was were be been being has have had do does did also such about come comes came go goes went concern concerns concerned " +
      "record records recorded entry entries data incident log logs logged field fields value values name names named " +
      "called contain contains contained read reads say says list lists listed show shows shown appear appears appeared seen observed " +
      "mention mentions mentioned tag tagged tags " +
      "utc gmt z am pm id ids number numbers count total together least most up least exactly interval median " +
      "zone year receipt input capped summary query source sources time times date at i.e e.g vs s set sets one's own give gives given left out known",
  ),
);

/** Outcome words and the value of `outcome` they stand for. */
const OUTCOMES: [string, RegExp][] = [
  ["failure", /\b(?:fail(?:ed|ure|ures|s|ing)?|unsuccessful(?:ly)?|denied|rejected|invalid)\b/gi],
  [
    "success",
    /\b(?:success(?:es|ful|fully)?|succeed(?:s|ed)?|accepted|granted|complet(?:ed|es))\b/gi,
  ],
  [
    "blocked",
    /\b(?:block(?:ed|s|ing)?|prevent(?:ed|s)?|stopped|quarantined|dropped by|refused|contained by|mitigated|remediated)\b/gi,
  ],
  ["allowed", /\b(?:allow(?:ed)?|permitted|passed)\b/gi],
  ["detected", /\b(?:detect(?:ed|s|ion|ions)?)\b/gi],
];

type Concept = { words: RegExp; test: (record: EvidenceRecord) => boolean };

const has =
  (...fields: string[]) =>
  (r: EvidenceRecord) =>
    fields.some((f) => queryValues(r, f).length > 0);
const says = (pattern: RegExp, codes: string, ...fields: string[]) => {
  const known = new Set(list(codes));
  return (r: EvidenceRecord) => {
    const code = r.fields["event.code"];
    if (code !== undefined && known.has(String(code))) return true;
    const texts = ["event.class", "action", "alert.category", "log", ...fields];
    return texts.some((f) => queryValues(r, f).some((v) => pattern.test(String(v))));
  };
};

/** Nouns and verbs of the trade, and what a record must be for them to fit. */
export const CONCEPTS: Record<string, Concept> = {
  alert: { words: /\balerts?\b/gi, test: (r) => r.kind === "alert" },
  event: { words: /\bevents?\b/gi, test: (r) => r.kind === "event" },
  incident: { words: /\bsource incidents?\b/gi, test: (r) => r.kind === "incident" },
  logon: {
    words:
      /\b(?:log(?:ged)?[ -]?(?:ons?|ins?)|sign(?:ed)?[ -]?(?:ins?|ons?)|authenticat(?:ions?|ed|es|e))\b/gi,
    test: says(/log[-_ ]?(?:on|in)|sign[-_ ]?in|authenti/i, "4624 4625 4648 4768 4769 4771 4776"),
  },
  connection: {
    words:
      /\b(?:connect(?:s|ed|ions?)?|network (?:connections?|traffic)|traffic|flows?|contact(?:s|ed)?|communicat(?:e|es|ed|ions?))\b/gi,
    test: (r) =>
      (has("source.ip", "source.host", "host")(r) &&
        has("destination.ip", "destination.host", "destination.port")(r)) ||
      says(/connect|flow|network|http/i, "3 5156")(r),
  },
  lookup: {
    words: /\b(?:dns|quer(?:y|ies|ied)|look(?:ed)?[ -]?ups?|resolv(?:es|ed))\b/gi,
    test: has("dns.question"),
  },
  deletion: {
    words: /\b(?:delet(?:ed|es|e|ion|ions)|remov(?:ed|es|e|al)|clear(?:ed|s)?)\b/gi,
    test: says(/delet|remov|clear/i, "23 26 1102 104 4660 4726 4733"),
  },
  download: { words: /\bdownload(?:s|ed)?\b/gi, test: says(/download/i, "") },
  upload: { words: /\bupload(?:s|ed)?\b/gi, test: says(/upload/i, "") },
  access: {
    words: /\b(?:access(?:es|ed)?|open(?:s|ed)?)\b/gi,
    test: says(/access|open/i, "10 4656 4663 5140 5145"),
  },
  modification: {
    words: /\b(?:modif(?:y|ies|ied|ication)|chang(?:es|ed|e)|set|updat(?:es|ed|e))\b/gi,
    test: says(/modif|chang|set|updat/i, "13 4657 4738 4719"),
  },
  creation: {
    words:
      /\b(?:creat(?:ion|ions)|install(?:s|ed|ation)?|register(?:s|ed)?|add(?:s|ed|ition)?|wr(?:ote|ites|itten)|dropped)\b/gi,
    test: says(/creat|install|regist|add|writ|drop/i, "11 4697 7045 4698 4720 4728 4732 4756"),
  },
  distinct: { words: /\b(?:different|distinct|unique)\b/gi, test: () => false },
  duration: { words: /\b(?:spans?|spanned|lies?|lay|lasts|lasted)\b/gi, test: () => false },
  raise: { words: /\b(?:rais(?:es|ed))\b/gi, test: (r) => r.kind === "alert" },
  action: { words: /\bactions?\b/gi, test: has("action") },
  severity: { words: /\bseverit(?:y|ies)\b/gi, test: has("severity") },
  outcomeNoun: { words: /\boutcomes?\b/gi, test: has("outcome") },
  title: { words: /\btitles?\b/gi, test: has("alert.title", "rule.name") },
  status: { words: /\bstatus\b/gi, test: has("ticket.status", "alert.status", "http.status") },
  owner: { words: /\b(?:owners?|owned|assigned)\b/gi, test: has("ticket.owner") },
  user: {
    words: /\b(?:users?|accounts?|identit(?:y|ies)|logon names?)\b/gi,
    test: has("user", "target.user", "user.email", "user.sid"),
  },
  host: {
    words: /\b(?:hosts?|devices?|machines?|workstations?|servers?|endpoints?|computers?)\b/gi,
    test: has("host", "source.host", "destination.host", "host.ip"),
  },
  address: {
    words: /\b(?:source |destination )?(?:ip )?(?:address(?:es)?|ips?)\b/gi,
    test: has("source.ip", "destination.ip", "host.ip"),
  },
  process: {
    words: /\b(?:process(?:es)?|programs?|pids?|parent process|child process|parent|child)\b/gi,
    test: has("process.name", "process.path", "process.pid"),
  },
  commandLine: {
    words: /\bcommand lines?\b|\bcommands?\b|\barguments?\b/gi,
    test: has("process.command_line", "service.command", "parent.command_line"),
  },
  file: { words: /\bfiles?\b/gi, test: has("file.path", "file.name") },
  hash: {
    words: /\b(?:hash(?:es)?|md5|sha-?1|sha-?256)\b/gi,
    test: has("hash.sha256", "hash.sha1", "hash.md5"),
  },
  registry: {
    words: /\bregistry (?:keys?|values?)\b|\bregistry\b|\bkeys?\b/gi,
    test: has("registry.key"),
  },
  service: { words: /\bservices?\b/gi, test: has("service.name") },
  task: { words: /\b(?:scheduled )?tasks?\b/gi, test: has("task.name") },
  group: { words: /\bgroups?\b/gi, test: has("group.name") },
  share: { words: /\bshares?\b/gi, test: has("share.name") },
  domain: {
    words: /\bdomains?\b/gi,
    test: has("dns.question", "url.domain", "destination.host", "user.domain"),
  },
  url: { words: /\burls?\b/gi, test: has("url.full") },
  port: { words: /\bports?\b/gi, test: has("destination.port", "source.port") },
  eventCode: { words: /\bevent (?:codes?|ids?)\b/gi, test: has("event.code") },
  bytesOut: { words: /\b(?:bytes )?(?:out|sent|outbound)\b/gi, test: has("network.bytes_out") },
  bytesIn: { words: /\b(?:bytes )?(?:received|inbound)\b/gi, test: has("network.bytes_in") },
  technique: { words: /\btechniques?\b/gi, test: has("technique") },
  email: {
    words: /\b(?:e-?mails?|senders?|recipients?)\b/gi,
    test: has("email.from", "email.to", "user.email"),
  },
  telemetry: { words: /\b(?:telemetry)\b/gi, test: () => true },
};

/** The words of a text (entities blanked out) that need a check, plus the plain ones as neutral. */
export function readWords(masked: string): Word[] {
  const taken = new Uint8Array(masked.length);
  const words: Word[] = [];
  const take = (
    regex: RegExp,
    make: (m: RegExpMatchArray) => Omit<Word, "start" | "end" | "text">,
  ) => {
    for (const match of masked.matchAll(regex)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (taken.subarray(start, end).includes(1)) continue;
      taken.fill(1, start, end);
      words.push({ ...make(match), start, end, text: match[0] });
    }
  };
  take(/\bsource incidents?\b/gi, () => ({ class: "concept", concept: "incident" }));
  take(/\bevent (?:codes?|ids?)\b/gi, () => ({ class: "concept", concept: "eventCode" }));
  take(/\bat (?:least|most)\b|\bin total\b|\bmore than\b|\bup to\b/gi, () => ({
    class: "neutral",
  }));
  for (const [name, regex] of PHRASES) take(regex, () => ({ class: name }));
  for (const [outcome, regex] of OUTCOMES)
    take(regex, () => ({ class: "outcome", concept: outcome }));
  for (const [concept, { words: regex }] of Object.entries(CONCEPTS)) {
    take(regex, () => ({ class: "concept", concept }));
  }
  take(/[\p{L}][\p{L}\p{M}'-]*/gu, (m) => ({
    class: NEUTRAL.has(m[0].toLowerCase()) ? "neutral" : "concept",
  }));
  return words.toSorted((a, b) => a.start - b.start);
}

/** Which fields a value may stand in after a role word. */
export const ROLE_FIELDS: Record<string, RegExp> = {
  from: /^(source\.|email\.from|source$|log$|vendor|product|time|host$|url\.|parent\.|user|target\.user$|cloud\.)/,
  to: /^(destination\.|url\.|dns\.|email\.to|group\.|time|host$|host\.|target\.user|share\.|pipe\.|cloud\.|ticket)/,
  by: /^(user|process\.|parent\.|source$|vendor|product|ticket\.owner|rule\.|source\.|service\.)/,
  on: /^(host|time|destination\.|share\.|cloud\.|source$|product)/,
  for: /^(user|target\.user|host|source|ticket|process|cloud|service|destination|dns|url|group|rule|time|file|hash)/,
  against: /^(host|target\.user|user$|destination\.|url\.|cloud\.)/,
  as: /^(user|target\.user|group\.|service\.|file\.|technique|alert\.)/,
  into: /^(host|destination\.|target\.|group\.|cloud\.|file\.)/,
};
