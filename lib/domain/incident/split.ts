/** Why records may not go to an incident of their own, or a split not be undone: the database's word, told to people. */
type Told = { code: string; sentence: string };

const SPLIT_WORDS: Record<string, string> = {
  missing: "There is no such incident.",
  merged: "It was merged into another incident; split that one.",
  closed:
    "It is closed, and its closure was signed over its own records. Propose to reopen it first.",
  in_effect:
    "An escalation or a containment of it is in effect, which was signed over these records together.",
  open: "A decision about it waits for a signature. Have it signed, or withdraw it, first.",
  signed: "Someone has signed over its records, so they stay together.",
  automation: "Something ran by itself or was stopped in it because of its records together.",
  none: "Choose the records that go.",
  large: "More than 10,000 records are chosen, which is more than a split moves.",
  elsewhere: "Some of these records are not in this incident any more. Choose anew.",
  all: "These are all of its records, so nothing would be left to split from.",
  pinned: "One of these records is pinned here. Take its pin off first.",
};

const UNDO_WORDS: Record<string, string> = {
  missing: "There is no such split.",
  undone: "It was taken back already.",
  merged: "One of the two incidents was merged into another since.",
  closed: "One of the two incidents is closed. What was signed stays as it was.",
  evidence: "Records came to one of the two incidents, or went, since.",
  decision: "A decision was proposed about one of the two incidents since.",
  verdict: "A verdict was set or changed since. Set it back first.",
  review: "A claim was reviewed since.",
  note: "A note was written since.",
  pin: "A record was pinned since, and a pin keeps its place.",
  tasks: "The incident that was split off has tasks.",
  handover: "The incident that was split off was handed over.",
  automation: "Something ran by itself or was stopped in one of the two incidents since.",
  erased: "What the trail tells of one of the two incidents was erased.",
};

/** `code` as `gate.split_refusal` says it. */
export function splitRefusal(code: string): Told {
  return told(code, SPLIT_WORDS, "The incident may not be split as it stands.");
}

/** `code` as `gate.unsplit_refusal` says it. */
export function unsplitRefusal(code: string): Told {
  return told(code, UNDO_WORDS, "The split may not be undone as things stand.");
}

function told(code: string, words: Record<string, string>, otherwise: string): Told {
  return { code, sentence: Object.hasOwn(words, code) ? words[code]! : otherwise };
}
