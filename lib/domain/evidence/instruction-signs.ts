/** What text that talks to its reader looks like: words of command, of address, of a verdict it wants. */

/** Signs of one name count once. Patterns are bounded, so that their time is linear. */
export type Sign = [name: string, weight: number, pattern: RegExp];

const OUTPUT =
  "(?:response|answer|reply|output|summary|verdict|report|recommendation|assessment|conclusion|analysis|message)";
const WRITE =
  "(?:include|add|append|insert|put|place|emit|output|print|echo|copy|write|state|say|repeat|mention|return|provide|embed|integrate|incorporate|modify|augment|enhance|conclude|begin|start|end|respond|translate|replace|introduce|render|convert|misspell|remove|substitute|promote|suggest|use|make)";
const GOOD =
  "(?:benign|false positives?|resolved|clean|harmless|informational|approved|trusted|safe|closed|authori[sz]ed|low|info|expected)";
const RULES =
  "(?:instructions?|directions?|directives?|guidelines?|prompts?|orders?|commands?|restrictions?|requests?|polic(?:y|ies)|rules?|boundaries|tasks?|regulations?|context|instruction set)";
const READER =
  "(?:assistant|copilot|ai|llm|language model|chatbot|summari[sz]er|log analysis|analyst|model|agent|bot|reader)";
const words = (most: number) => `(?: [a-z0-9]{1,24}){0,${most}}`;
const over = (pattern: string) => new RegExp(`\\b${pattern}\\b`, "g");

/** Over the words of the text, in small letters, one blank between two. */
export const SIGNS: readonly Sign[] = [
  [
    "override",
    3,
    over(
      `(?:ignor(?:e|ing)|disregard|forget|overrid(?:e|ing)|bypass|supersedes?|abandon|neglect|do not (?:follow|obey)|pay no attention to|regardless of)${words(2)} (?:all|any|every|previous|prior|earlier|above|preceding|your|my|existing|foregoing|initial|original|old|these|safety|system|analysts?)${words(3)} ${RULES}`,
    ),
  ],
  [
    "override",
    3,
    over(
      `${RULES}(?: (?:are|is|were|was|have been|has been|now))* (?:superseded|overridden|void|null|revoked)`,
    ),
  ],
  [
    "override",
    3,
    over(
      "(?:ignor(?:e|iere|ez|a|ar)|vergiss|oubliez?|olvida) (?:bitte )?(?:alle|toutes? les|tous les|todas las|tutte le) (?:[a-z]{1,20} ){0,2}(?:anweisungen|instructions|instrucciones|istruzioni)",
    ),
  ],
  [
    "new task",
    2,
    over(
      `new (?:(?:top level|important|urgent|priority|final|secret) ){0,2}(?:instructions?|directives?|orders|task|mission)`,
    ),
  ],
  ["new task", 2, over(`(?:priority|urgent|important) (?:new )?(?:task|instructions?)`)],
  [
    "new task",
    2,
    over(
      `your (?:(?:new|only|next|real|sole|first) ){0,2}(?:task|job|role|mission|directive|goal) (?:now )?is`,
    ),
  ],
  [
    "you",
    2,
    over(
      `you are (?:now|operating|running as|an? (?:ai|assistant|unrestricted|no limits)|dan|authori[sz]ed to|not subject to)`,
    ),
  ],
  ["you", 1, over("you (?:must|need to|should|will|have to)")],
  [
    "mode",
    1,
    over(
      "(?:developer|maintenance|debug|test|dan|god|unrestricted) mode|jailbreak|do anything now|no limits ai|(?:system malfunction|system is experiencing errors)|for (?:testing|academic) purposes",
    ),
  ],
  [
    "addressed",
    2,
    over(
      `(?:notes?|reminder|messages?|instructions?|directives?|attention|dear|hey|hello|ok)(?: (?:to|for|from))?(?: (?:the|any|all|whatever))?(?: [a-z]{2,14}){0,2} ${READER}`,
    ),
  ],
  ["addressed", 2, over("system (?:note|override|prompt|notice|directive|instruction|summary)s?")],
  [
    "addressed",
    1,
    over(
      "(?:ai|llm|gpt|chatgpt|claude|copilot|assistant|language model|chatbot|soc admin|naive filters?|safety filter)",
    ),
  ],
  [
    "output",
    3,
    over(`(?:answer|${WRITE})${words(14)} (?:your|you return) (?:[a-z0-9]{1,15} ){0,3}${OUTPUT}`),
  ],
  [
    "output",
    2,
    over(
      `${WRITE}${words(14)} (?:the|a) (?:final|returned|risk) (?:[a-z0-9]{1,15} ){0,2}${OUTPUT}`,
    ),
  ],
  ["output", 2, over(`(?:in|into|to|of|with) your (?:[a-z0-9]{1,15} ){0,3}${OUTPUT}`)],
  ["output", 2, over("answer with|(?:first|only|last) claim")],
  ["output", 2, over(`${OUTPUT} must (?:say|state|contain|be|include|not)`)],
  [
    "verdict",
    2,
    over(
      `(?:classify|mark|treat|label|report|consider|close|resolve|summari[sz]e|state|set|downgrade|conclude|declare|rate)${words(8)} ${GOOD}`,
    ),
  ],
  [
    "verdict",
    2,
    over(
      `(?:verdict|conclusion|threat level|assessment)(?: (?:is|as|status))? (?:none|nothing|${GOOD})`,
    ),
  ],
  [
    "nothing",
    2,
    over(
      "nothing malicious|no malicious activity|no threats? (?:found|detected|here)|no (?:further )?action (?:is )?(?:required|needed)|can be closed",
    ),
  ],
  [
    "clearance",
    2,
    over(
      `(?:approved|authori[sz]ed|certified|cleared|reviewed|verified|signed)${words(3)} by (?:[a-z]{1,12} ){0,2}(?:security|soc|team|management|analysts?|admins?)|pre (?:approved|cleared|authori[sz]ed)|(?:approved|authori[sz]ed) (?:penetration test|pentest|change|maintenance)`,
    ),
  ],
  ["verdict", 2, over(`already (?:verified|reviewed|cleared)${words(6)} ${GOOD}`)],
  [
    "silence",
    2,
    over(
      `(?:do not|don t|dont|never|must not|need not|should not)(?: be)? (?:flag|report|escalate|summari[sz]e|mention|cite|alert|investigate|include|raise|triage|analy[sz]e)(?:d|ed)?`,
    ),
  ],
  [
    "silence",
    2,
    over(
      `(?:omit|exclude|suppress|whitelist|allowlist|hide)(?: [a-z0-9]{1,24}){1,6} (?:summary|report|alerts?|finding|incident|verdict|line)`,
    ),
  ],
  [
    "silence",
    2,
    over("(?:automated )?analysis (?:is |has been )?(?:disabled|complete|ended|finished|halted)"),
  ],
  [
    "forged end",
    2,
    over(
      "end of (?:the )?(?:logs?|evidence|untrusted|records?|input|data block)|data block has ended|endoflogs|end_of_logs",
    ),
  ],
  [
    "token",
    1,
    over(
      "(?:reference|confirmation|acknowledge?ment|attestation|verification|completion|clearance|closing|audit|sign off|confirm) (?:codes?|tokens?|id|marker|string|reference)|verbatim|exactly as (?:it is|written)|and nothing else|to (?:confirm|acknowledge) ",
    ),
  ],
  [
    "leak",
    2,
    over(
      `(?:list|summari[sz]e|reveal|show|print|output|send|leak|repeat)${words(4)} (?:system prompt|your prompt|your instructions|api keys?|credentials?|secrets?|log events)`,
    ),
  ],
];

/** Over the text itself. */
export const MARKS: readonly Sign[] = [
  ["mark", 3, /<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|<<\/?sys>>|\[\/?inst\]/gi],
  [
    "mark",
    2,
    /<\/?(?:assistant\w{0,20}|instructions?|untrusted\w{0,20}|evidence|prompt|summary author)\b/gi,
  ],
  ["mark", 2, /"(?:role|author)"\s{0,3}:\s{0,3}"(?:system|assistant)"/gi],
  ["image", 3, /!\[[^\]\n]{0,60}\]\(\s{0,3}https?:/gi],
];

/**
 * Stems one of which stands near every text that scores, each with four letters of it that are rare in records:
 * most records hold none of those and are let go after one pass.
 */
const STEMS: [stem: string, rare: string][] = [
  ["ignor", "igno"],
  ["disregard", "sreg"],
  ["forget", "orge"],
  ["overrid", "verr"],
  ["bypass", "bypa"],
  ["supersed", "sede"],
  ["obey", "obey"],
  ["regardless", "gard"],
  ["anweisung", "weis"],
  ["instruc", "truc"],
  ["istruz", "truz"],
  ["prompt", "romp"],
  ["your", "your"],
  ["you.{1,3}are", "you "],
  ["you.{1,3}(?:must|need|should|will)", "you "],
  ["verdict", "erdi"],
  ["summar", "umma"],
  ["assistant", "ssis"],
  ["copilot", "opil"],
  ["benign", "enig"],
  ["false.{1,3}positive", "posi"],
  ["escalat", "scal"],
  ["whitelist", "itel"],
  ["end.{1,4}of", "d of"],
  ["approved", "appr"],
  ["no.{1,3}action", "no a"],
];

export const ANCHORS = new RegExp(
  [...STEMS.map(([stem]) => stem), "<\\|", "\\[/?inst", "<<sys", "!\\["].join("|"),
  "gi",
);
export const RARE_LETTERS: readonly string[] = STEMS.map(([, rare]) => rare);
