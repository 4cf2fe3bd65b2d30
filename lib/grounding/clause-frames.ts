/**
 * Which prepositions a verb or noun takes, and the fields the thing after each may stand in. What is not
 * here is no way we know of telling that a record holds something.
 */
export type Frame = {
  name: string;
  /** The verb or noun itself. */
  head: RegExp;
  /** Who does it, when that is narrower than anything. */
  subject?: RegExp;
  /** What it is done to, when that is narrower than anything. */
  object?: RegExp;
  /** By preposition; one that is not listed fits nothing. */
  slots: Record<string, RegExp>;
};

const ACCOUNT = /^(?:user|target\.user|service\.name|cloud\.account|cloud\.arn|email\.)/;
const PLACE =
  /^(?:host|destination\.|target\.host|share\.|cloud\.|url\.|vendor|product|source$|log$)/;
const ORIGIN = /^(?:source\.|url\.|email\.from|cloud\.region|host\.ip)/;
const SENDER = /^(?:source\.|host|process\.|parent\.|user|email\.from)/;
const RECEIVER = /^(?:destination\.|url\.|email\.to)/;
const MEANS = /^(?:network\.|destination\.port|source\.port|process\.|product|log$|user_agent)/;
const OBJECT =
  /^(?:host|file\.|registry\.|group\.|share\.|service\.|task\.|pipe\.|target\.|cloud\.|url\.|email\.to|log$|process\.)/;
const HOLDER = /^(?:file\.|registry\.|group\.|share\.|cloud\.|url\.|destination\.|email\.to)/;
const STARTER = /^(?:parent\.|process\.|user|service\.|task\.|script)/;
const WITH = /^(?!destination\.|source\.|host)/;
/** Who acts is not what is acted on: the object of "deleted" is no `process.name`. */
const ACTED_ON = /^(?!process\.|parent\.|source\.|host$)/;

/** Around what is made or changed: where, by whom, out of what. */
const AROUND_OBJECT: Frame["slots"] = {
  on: /^(?:host|share\.|cloud\.)/,
  at: /^(?:host|registry\.|file\.)/,
  in: OBJECT,
  to: HOLDER,
  into: OBJECT,
  under: /^(?:registry\.|file\.|user)/,
  from: /^(?:host|group\.|registry\.|share\.|cloud\.|url\.|source\.|destination\.|file\.path)/,
  by: /^(?:user|process\.|parent\.|source\.ip|cloud\.|service\.)/,
  as: /^user/,
  with: WITH,
  via: /^(?:process\.|parent\.|service\.)/,
  for: /^(?:user|target\.|file\.|registry\.|group\.)/,
  of: /^(?!source\.|destination\.)/,
};

/** Verbs and nouns that say what happened, the longer before those they contain. */
export const FRAMES: Frame[] = [
  {
    name: "logon",
    head: /^(?:logged|logs?-?(?:on|in|off|ons|ins)|signed|sign-?(?:in|on|ins|ons)|authenticat(?:e|es|ed|ion|ions))$/i,
    slots: {
      for: ACCOUNT,
      of: ACCOUNT,
      by: ACCOUNT,
      as: ACCOUNT,
      under: ACCOUNT,
      from: ORIGIN,
      to: PLACE,
      on: PLACE,
      onto: PLACE,
      into: PLACE,
      at: PLACE,
      in: PLACE,
      with: WITH,
      via: MEANS,
      over: MEANS,
    },
  },
  {
    name: "query",
    head: /^(?:quer(?:y|ies|ied)|looks|looked|look-?ups?|resol(?:ves?|ved|ution|utions))$/i,
    slots: {
      for: /^(?:dns\.|url\.|destination\.host)/,
      of: /^(?:dns\.|url\.|host|process\.|user)/,
      from: /^(?:host|source\.|process\.|user)/,
      by: /^(?:host|source\.|process\.|user)/,
      on: /^host/,
      to: RECEIVER,
      with: WITH,
      via: MEANS,
    },
  },
  {
    name: "connect",
    head: /^(?:connect(?:s|ed|ion|ions)?|contact(?:s|ed)?|communicat(?:es?|ed|ions?)|traffic|flows?|beacon(?:s|ed)?|sent|sends|bytes|went)$/i,
    slots: {
      to: RECEIVER,
      with: RECEIVER,
      from: SENDER,
      by: SENDER,
      of: SENDER,
      for: SENDER,
      on: /^(?:host|destination\.port|source\.port|network\.)/,
      at: /^(?:host|destination\.port)/,
      over: MEANS,
      via: MEANS,
      through: MEANS,
      between: /^(?:source\.|destination\.|host)/,
    },
  },
  {
    name: "receive",
    head: /^(?:receiv(?:es?|ed))$/i,
    slots: { from: ORIGIN, by: RECEIVER, on: RECEIVER, at: RECEIVER, in: RECEIVER, over: MEANS },
  },
  {
    name: "start",
    head: /^(?:start(?:s|ed)?|launch(?:es|ed)?|spawn(?:s|ed)?|execut(?:es?|ed|ion)|invok(?:es?|ed)|ran|runs|run)$/i,
    slots: {
      on: /^host/,
      at: /^host/,
      in: /^host/,
      by: STARTER,
      as: /^user/,
      under: /^(?:user|parent\.)/,
      with: WITH,
      from: /^(?:parent\.|process\.path|file\.path|share\.|url\.)/,
      via: /^(?:parent\.|service\.|task\.)/,
      of: /^(?:process\.|file\.|target\.process)/,
    },
  },
  {
    name: "create",
    head: /^creat(?:es?|ed|ion)$/i,
    slots: AROUND_OBJECT,
  },
  {
    name: "change",
    object: ACTED_ON,
    head: /^(?:install(?:s|ed|ation)?|register(?:s|ed)?|wrote|written|writes|dropp?(?:s|ed)|add(?:s|ed)?|modif(?:y|ies|ied)|chang(?:es?|ed)|updat(?:es?|ed)|delet(?:es?|ed|ion)|remov(?:es?|ed|al)|clear(?:s|ed)|download(?:s|ed)?|upload(?:s|ed)?|open(?:s|ed)?|access(?:es|ed)?|cop(?:ies|ied)|disabl(?:es|ed)|enabl(?:es|ed)|mov(?:es|ed)|renam(?:es|ed)|set|sets)$/i,
    slots: AROUND_OBJECT,
  },
  {
    name: "outcome",
    subject: /^(?:source$|vendor|product|rule\.|log$)/,
    head: /^(?:block(?:s|ed)?|prevent(?:s|ed)?|quarantined|allow(?:s|ed)?|permitted|denied|refused|detect(?:s|ed)?|tagged|flagged|raised|reported)$/i,
    slots: {
      by: /^(?:source$|vendor|product|rule\.|log$)/,
      on: PLACE,
      at: PLACE,
      in: PLACE,
      for: /./,
      of: /./,
      with: /./,
      as: /./,
      from: /^(?:source|host|user|url\.|email\.from|parent\.)/,
      to: /^(?:destination\.|url\.|dns\.|host|email\.to|target\.)/,
    },
  },
];
