/** Why an incident may not be merged into another by hand, or a merge not be undone: the database's word, told to people. */
type Told = { code: string; sentence: string };

const MERGE_WORDS: Record<string, string> = {
  missing: "There is no such incident.",
  itself: "An incident is not merged into itself.",
  merged: "It was merged into another incident already.",
  into_merged: "The incident it would go into was itself merged into another; merge into that one.",
  closed:
    "It is closed, and its closure was signed over its own records. Propose to reopen it first.",
  into_closed: "The incident it would go into is closed. Propose to reopen that one first.",
  in_effect:
    "An escalation or a containment of it is in effect, which a merge would hide. Merge the other one into it instead.",
  open: "A decision about it waits for a signature. Have it signed, or withdraw it, first.",
  into_open:
    "A decision about the incident it would go into waits for a signature over the records as they are. Have it signed, or withdraw it, first.",
  signed:
    "Someone has signed over its records, so they stay where they are. Merge the other one into it instead.",
  automation:
    "Something ran by itself or was stopped in it, and stays with it. Merge the other one into it instead.",
  tasks: "Tasks of it are open. Do them, or mark them as not needed, first.",
  handover: "It was handed over and waits to be taken over. Take it over first.",
  split:
    "Records of it went to an incident of their own, and their places here stay named. Merge the other one into it instead.",
  large: "It has more than 10,000 records, which is more than a merge moves.",
};

const UNDO_WORDS: Record<string, string> = {
  missing: "There is no such merge.",
  undone: "It was taken apart already.",
  into_merged: "The incident was itself merged into another since; undo that first.",
  into_closed: "The incident is closed. What was signed stays as it was.",
  evidence:
    "More records came since, so the places of those that joined are not the last ones any more.",
  decision: "A decision was proposed over the joined records since.",
  verdict: "The verdict was changed since. Set it back first.",
  review: "A claim was reviewed over the joined records since.",
  note: "A note was written over the joined records since.",
  pin: "A record was pinned since, and a pin keeps its place.",
  automation: "Something ran by itself or was stopped in the joined incident since.",
  erased: "What the trail tells of the merged incident was erased, so it is not opened again.",
};

/** `code` as `gate.merge_refusal` says it. */
export function mergeRefusal(code: string): Told {
  return told(code, MERGE_WORDS, "The incidents may not be merged as they stand.");
}

/** `code` as `gate.unmerge_refusal` says it. */
export function unmergeRefusal(code: string): Told {
  return told(code, UNDO_WORDS, "The merge may not be undone as things stand.");
}

function told(code: string, words: Record<string, string>, otherwise: string): Told {
  return { code, sentence: Object.hasOwn(words, code) ? words[code]! : otherwise };
}
