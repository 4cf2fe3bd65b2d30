/** What each kind of entry says in plain words. */
import type { TrailKind } from "./kinds.ts";

const WORDS_MAX = 160;

type Particulars = {
  /** The first of these keys that holds a string or a number, cut to a readable length; else "". */
  word: (...keys: string[]) => string;
  /** The same between quotation marks with a leading space, or "" when unknown. */
  quoted: (...keys: string[]) => string;
  /** `prefix + word`, or "" when unknown. */
  after: (prefix: string, ...keys: string[]) => string;
  /** Whether the payload says that this is so. */
  says: (key: string) => boolean;
};

/**
 * What an entry says, in plain words and without its actor ("took the incident"): the trail page puts the name in front.
 * Reads the payload leniently: an entry never loses its sentence because a payload was extended.
 */
export function trailSentence(kind: TrailKind, payload: unknown): string {
  return SENTENCES[kind](particularsOf(payload));
}

const OVERRIDE_WORDS: Record<string, string> = {
  agree: "agreed with",
  partly: "agreed in part with",
  disagree: "disagreed with",
};

const SENTENCES: Record<TrailKind, (p: Particulars) => string> = {
  "alert.ingested": (p) =>
    `brought ${plural(p.word("accepted", "count"), "record")}${counted(p, "duplicates", "known already")}${counted(p, "rejected", "refused")}`,
  "incident.opened": (p) => `opened ${p.word("number") || "the incident"}${p.quoted("title")}`,
  "incident.joined": (p) =>
    `added ${plural(p.word("count", "records", "accepted"), "record")} to ${p.word("number") || "the incident"}${p.after(" because ", "reason")}`,
  "incident.assigned": (p) =>
    p.word("assignee", "assigneeName", "to", "assigneeId")
      ? `assigned the incident to ${p.word("assigneeName", "assignee", "to", "assigneeId")}`
      : "gave the incident back to the queue",
  "incident.merged": (p) =>
    `merged ${p.word("from") || "the incident"}${p.after(" into ", "into")} with ${plural(p.word("count"), "record")}${p.after(" because ", "reason")}`,
  "incident.unmerged": (p) =>
    `took ${p.word("from") || "an incident"}${p.after(" out of ", "into")} again, with ${plural(p.word("count"), "record")}`,
  "incident.split": (p) =>
    `split ${plural(p.word("count"), "record")}${p.after(" off ", "from")}${p.after(" into ", "into")}${p.after(" because ", "reason")}`,
  "incident.unsplit": (p) =>
    `took the split of ${p.word("from") || "the incident"} back, with ${plural(p.word("count"), "record")}${p.after(" of ", "into")}`,
  "incident.status_changed": (p) =>
    `changed the status${p.after(" from ", "from")}${p.after(" to ", "to", "status")}${p.after(" because ", "reason")}`,
  "incident.handed_over": (p) =>
    p.word("toName", "to")
      ? `handed the incident over to ${p.word("toName", "to")}`
      : "handed the incident over to nobody yet",
  "incident.taken_over": (p) => `took the incident over${p.after(" from ", "fromName", "from")}`,
  "evidence.added": (p) =>
    `added ${p.word("label") || "a record"} by hand${p.quoted("title")}${p.after(", sha256 ", "sha256").slice(0, 21)}`,
  "evidence.sealed": (p) =>
    `sealed ${plural(p.word("evidenceCount"), "record")} of evidence${p.after(", new ones: ", "added")}${p.after(", root ", "evidenceRoot").slice(0, 19)}`,
  "evidence.read": (p) =>
    `opened the raw bytes of ${p.word("label", "evidenceId", "evidence") || "a record"}`,
  "evidence.dropped": (p) =>
    `dropped ${plural(p.word("count"), "record")} that had joined no incident${p.after(", received up to ", "receivedTo")}`,
  "evidence.pinned": (p) => `pinned ${p.word("label", "evidenceId") || "a record"} for the team`,
  "evidence.unpinned": (p) => `took the pin off ${p.word("label", "evidenceId") || "a record"}`,
  "model_run.started": (p) =>
    `sent a request to the model${p.after(" ", "model")}${p.after(", prompt ", "prompt")}`,
  "model_run.finished": (p) =>
    `answered${p.after(", stopped by ", "stopReason")}${p.after("; ", "error")}`,
  "model_run.failed": (p) =>
    `ended a request to the model${p.after(" ", "model")} without a whole answer${p.after(": ", "error")}`,
  "run.requested": (p) => `asked for ${runOf(p)}`,
  "run.cancelled": (p) =>
    p.word("was") === "streaming"
      ? `asked ${runOf(p)} to stop`
      : `cancelled ${runOf(p)} before it was sent`,
  "question.asked": (p) => `asked the model${p.quoted("question")}`,
  "draft.requested": (p) => `asked for ${runOf(p)}${p.after(" that says: ", "question")}`,
  "summary.requested": () => "asked for a new summary",
  "summary.issued": (p) =>
    `issued the ${p.word("origin") || ""} summary`.replace("  ", " ") +
    `${p.after(" version ", "version")}${p.after(" with ", "claimCount", "claims")}${p.word("claimCount", "claims") ? " claims" : ""}` +
    p.after(", worst standing ", "standing"),
  "summary.reverified": (p) =>
    `judged ${plural(p.word("claimCount"), "claim")} of the ${p.word("origin")} summary anew`.replace(
      "  ",
      " ",
    ) +
    `${p.after(" by verifier ", "verifier")}${p.word("movedCount") === "0" ? ", none moved" : p.after(", moved: ", "movedCount")}`,
  "claim.reviewed": (p) =>
    `${p.word("outcome") || "reviewed"} a claim${p.quoted("text")}${p.after(": ", "reason")}`,
  "report.filed": (p) =>
    `reported a claim of the model${p.after(" as ", "kind")}${p.after(": ", "text")}`,
  "report.resolved": (p) =>
    `settled a report${p.after(" as ", "outcome").replace("_", " ")}${p.after(": ", "text")}`,
  "report.override_judged": (p) =>
    `${OVERRIDE_WORDS[p.word("outcome")] ?? "judged"} an override${p.after(": ", "note")}`,
  "note.added": () => "added a note",
  "playbook.started": (p) =>
    `started the playbook${p.quoted("playbook")}${p.after(" version ", "version")} with ${plural(p.word("tasks"), "task")}`,
  "playbook.written": (p) =>
    `${p.word("stepCount") === "0" ? "retired" : "wrote"} the playbook${p.quoted("playbook")}${p.after(", version ", "version")}${p.after(": ", "reason")}`,
  "task.added": (p) => `added the task${p.quoted("title")}`,
  "task.assigned": (p) =>
    p.word("assigneeName", "assigneeId")
      ? `gave the task${p.quoted("title")} to ${p.word("assigneeName", "assigneeId")}`
      : `gave the task${p.quoted("title")} to nobody`,
  "task.done": (p) => `did the task${p.quoted("title")}`,
  "task.not_needed": (p) => `said that the task${p.quoted("title")} is not needed`,
  "task.reopened": (p) => `opened the task${p.quoted("title")} again`,
  "task.removed": (p) => `removed the task${p.quoted("title")}`,
  "task.restored": (p) => `put the task${p.quoted("title")} back`,
  "verdict.set": (p) =>
    p.word("verdict", "to")
      ? `set the verdict to ${p.word("verdict", "to")}`
      : "took the verdict back",
  "view.saved": (p) => `saved ${viewOf(p)} of the queue`,
  "view.changed": (p) => `changed ${viewOf(p)} of the queue`,
  "view.deleted": (p) => `deleted ${viewOf(p)} of the queue`,
  "decision.proposed": (p) => `proposed ${decisionOf(p)}${p.after(": ", "reason")}`,
  "decision.refused": (p) => `was refused ${decisionOf(p)}${p.after(": ", "reasons", "reason")}`,
  "decision.signed": (p) => `signed ${decisionOf(p)}${p.after(" by ", "assurance")}`,
  "decision.rejected": (p) => `rejected ${decisionOf(p)}${p.after(": ", "reason")}`,
  "decision.withdrawn": (p) => `withdrew ${decisionOf(p)}${p.after(": ", "reason")}`,
  "decision.expired": (p) => `let ${decisionOf(p)} expire unsigned`,
  "decision.went_stale": (p) =>
    `marked ${decisionOf(p)} stale: the incident changed after it was proposed`,
  "response.attempted": (p) =>
    `began attempt ${p.word("attempt")} at ${responseOf(p)}${p.word("undoOf") ? ", taking it back" : ""}`,
  "decision.took_effect": (p) =>
    `put ${decisionOf(p)} into effect${p.after(", together with others, in all ", "together")}`,
  "decision.second_review_due": (p) =>
    `asked for the second review of ${decisionOf(p)}${p.after(", due ", "dueAt")}`,
  "decision.second_reviewed": (p) =>
    `${p.word("outcome") === "objected" ? "objected to" : "upheld"} ${decisionOf(p)} in the second review${p.after(": ", "words")}`,
  "response.dispatched": (p) => `sent ${responseOf(p)}`,
  "response.verified": (p) => `found ${responseOf(p)} done`,
  "response.failed": (p) =>
    `could not carry out ${responseOf(p)}${p.after(": ", "detail", "reason", "error")}`,
  "response.recorded": (p) => `recorded ${responseOf(p)}${p.after(" as ", "outcome")}`,
  "response.automatic": (p) =>
    `ran ${responseOf(p)} by itself${p.after(", rule ", "rule")}${p.after(", confidence ", "confidence")}`,
  "prompt.published": (p) =>
    `published the prompt ${p.word("name")}${p.after(" version ", "version")}${p.after(": ", "reason")}`,
  "model_config.saved": (p) =>
    `saved the model${p.quoted("name")}${p.after(" version ", "version")}${p.after(": ", "model")}`,
  "evaluation.finished": (p) =>
    p.word("state") === "failed"
      ? `could not evaluate a model${p.after(": ", "error")}`
      : `evaluated a model over ${plural(p.word("cases"), "case")}`,
  "model.activated": (p) =>
    `switched on the model${p.after(" ", "model")}${p.after(": ", "reason")}`,
  "model.stopped": (p) => `switched the model off${p.after(": ", "reason")}`,
  "budget.set": (p) => `set what models may cost${p.after(": ", "reason")}`,
  "policy.published": (p) =>
    `published the sign-off policy${p.after(" version ", "version", "policyVersion")}${p.after(", in force from ", "effectiveAt")}${p.after(": ", "reason")}`,
  "policy.proposed": (p) =>
    `proposed version ${p.word("version")} of the sign-off policy${p.after(": ", "reason")}`,
  "policy.refused": (p) =>
    `refused version ${p.word("version")} of the sign-off policy${p.after(": ", "reason")}`,
  "policy.withdrawn": (p) =>
    `withdrew version ${p.word("version")} of the sign-off policy${p.after(": ", "reason")}`,
  "policy.lapsed": (p) =>
    `let version ${p.word("version")} of the sign-off policy lapse: a signer is no admin any more`,
  "policy.clocks_set": (p) =>
    `set how long incidents may wait${p.after(", version ", "version")}${p.after(": ", "reason")}`,
  "policy.automation_proposed": (p) => `wrote ${automationRulesOf(p)}${p.after(": ", "reason")}`,
  "policy.automation_signed": (p) => `signed ${automationRulesOf(p)}, which wait for another admin`,
  "policy.automation_published": (p) =>
    `put ${automationRulesOf(p)} in force${p.after(" from ", "effectiveAt")}`,
  "policy.automation_withdrawn": (p) =>
    `withdrew ${automationRulesOf(p)}${p.after(": ", "reason")}`,
  "policy.automation_lapsed": (p) =>
    `let ${automationRulesOf(p)} lapse: a signer is no admin any more`,
  "policy.automation_stopped": (p) => `stopped automation${stopOf(p)}${p.after(": ", "reason")}`,
  "policy.automation_lifted": (p) =>
    `lifted the stop of automation${stopOf(p)}${p.after(": ", "reason")}`,
  "lesson.approved": (p) => `approved a lesson${p.quoted("title")}`,
  "person.enrolled": (p) =>
    `enrolled ${p.word("name", "email") || "a person"}${p.after(" as ", "role")}`,
  "role.granted": (p) =>
    `gave ${p.word("name", "email", "person") || "a person"} the role ${p.word("role")}`.trimEnd(),
  "passkey.enrolled": (p) => `enrolled a passkey${p.quoted("name")}`,
  "passkey.revoked": (p) => `revoked the passkey${p.quoted("name")}`,
  "session.opened": () => "signed in",
  "session.refused": (p) => `was refused a sign-in${p.after(": ", "reason")}`,
  "session.closed": (p) =>
    Number(p.word("sessions")) > 1 ? `ended ${p.word("sessions")} sessions` : "signed out",
  "password.refused": () => "gave a wrong password where it is asked for again",
  "access.refused": (p) =>
    `was refused what the role does not allow${p.after(": ", "door").replaceAll("_", " ")}`,
  "responder.configured": (p) =>
    `configured the responder${p.quoted("name")}${p.after(" version ", "version")}${p.after(" for ", "actions").replaceAll("_", " ")}`,
  "responder.retired": (p) => `retired the responder${p.quoted("name")}`,
  "source.created": (p) => `added the source${p.quoted("name")}`,
  "source.token_rotated": (p) => `replaced the token of the source${p.quoted("name")}`,
  "source.revoked": (p) => `revoked the source${p.quoted("name")}`,
  "export.key_published": (p) => `published the key that signs exports${p.after(": ", "key")}`,
  "export.requested": (p) =>
    `asked for an export of the trail${p.after(" in the format ", "format")}`,
  "export.completed": (p) =>
    `completed an export${p.after(" of ", "entries", "count")}${p.word("entries", "count") ? " entries" : ""}`,
  "export.failed": (p) => `could not complete an export of the trail${p.after(": ", "reason")}`,
  "export.cancelled": () => "cancelled an export of the trail",
  "export.expired": () => "deleted the file of an export that was kept its time",
  "export.downloaded": (p) =>
    p.word("entry")
      ? `took away the proof of entry ${p.word("entry")}`
      : `took the trail away as a file${p.after(" of ", "entries")}${p.word("entries") ? " entries" : ""}${p.after(" in the format ", "format")}`,
  "table.downloaded": (p) =>
    `took ${p.word("of") === "queue" ? "rows of the queue" : `the ${p.word("of")}`} away as a file${p.after(", view ", "view")}${p.after(" in the format ", "format")}`,
  "checkpoint.signed": (p) => `signed the trail at size ${p.word("size")}`.trimEnd(),
  "payload.erased": (p) =>
    `erased what ${p.word("entries") === "1" ? "1 entry" : `${p.word("entries")} entries`} of the incident told, from entry ${p.word("from")} to ${p.word("to")}${p.after(": ", "reason")}`,
  "payload.key_rotated": (p) =>
    `changed the key that payloads lie under${p.after(" from ", "from")}${p.after(" to ", "to")}; the old one is retired`,
  "erasure.requested": (p) =>
    `asked for the erasure of what the incident's entries tell${p.after(": ", "reason")}`,
  "erasure.refused": (p) => `refused the erasure that was asked for${p.after(": ", "reason")}`,
  "erasure.withdrawn": (p) => `withdrew the erasure that was asked for${p.after(": ", "reason")}`,
  "hold.placed": (p) => `placed a legal hold${p.after(": ", "reason")}`,
  "hold.lifted": (p) => `lifted a legal hold${p.after(": ", "reason")}`,
  "trail.checked": (p) =>
    `checked ${plural(p.word("entries"), "entry").replace("entrys", "entries")} of the trail${p.after(", which is NOT as it was written: ", "faults") || ": every check holds"}`,
  "log.frozen": (p) => `froze the log${p.after(": ", "reason")}`,
  "log.continued": (p) =>
    `let the frozen log go on${p.after(" as ", "to")}, after ${p.word("size")} entries${p.after(": ", "reason")}`,
  "key.rotated": (p) => `changed the key that signs the trail${p.after(" to ", "to")}`,
};

function decisionOf(p: Particulars): string {
  const kind = p.word("kind", "decisionKind");
  return `${kind ? `the ${kind}` : "the decision"}${p.says("breakGlass") ? " by break-glass" : ""}`;
}

const RUN_NOUNS: Record<string, string> = {
  summary: "a summary",
  repair: "the repair of a summary",
  answer: "an answer",
  note: "a draft of a note",
  handover: "a draft of a hand-over",
  message: "a draft of a message",
  probe: "a probe of a model",
  evaluation: "an evaluation of a model",
};

function runOf(p: Particulars): string {
  const kind = p.word("kind");
  return (Object.hasOwn(RUN_NOUNS, kind) && RUN_NOUNS[kind]) || "a request to the model";
}

function responseOf(p: Particulars): string {
  const action = p.word("action").replaceAll("_", " ");
  return action ? `the response "${action}"${p.after(" on ", "target")}` : "the response";
}

function automationRulesOf(p: Particulars): string {
  return `the rules of automation${p.after(" version ", "version")}`;
}

function viewOf(p: Particulars): string {
  return p.says("shared") ? `the shared view${p.quoted("name")}` : "a view of their own";
}

function stopOf(p: Particulars): string {
  if (p.word("scope") === "incident_type") return p.after(" for incidents of ", "incidentType");
  return p.word("scope") === "incident" ? " for this incident" : " everywhere";
}

/** `, 3 refused`; nothing when none or unknown. */
function counted(p: Particulars, key: string, words: string): string {
  const count = p.word(key);
  return count === "" || count === "0" ? "" : `, ${count} ${words}`;
}

function plural(count: string, noun: string): string {
  if (count === "") return `${noun}s`;
  return count === "1" ? `1 ${noun}` : `${count} ${noun}s`;
}

function particularsOf(payload: unknown): Particulars {
  const bag =
    typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>) : {};
  function word(...keys: string[]): string {
    for (const key of keys) {
      const found = Object.hasOwn(bag, key) ? asWord(bag[key]) : "";
      if (found) return found;
    }
    return "";
  }
  return {
    word,
    quoted: (...keys) => (word(...keys) ? ` "${word(...keys)}"` : ""),
    after: (prefix, ...keys) => (word(...keys) ? prefix + word(...keys) : ""),
    says: (key) => Object.hasOwn(bag, key) && bag[key] === true,
  };
}

function asWord(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (Array.isArray(value))
    return clip(
      value
        .map((item) => asWord(item))
        .filter(Boolean)
        .join("; "),
    );
  if (typeof value === "string") return clip(value);
  if (typeof value === "object" && value !== null) {
    const { sentence, fault, name, code } = value as Record<string, unknown>;
    return asWord(sentence ?? fault ?? name ?? code ?? "");
  }
  return "";
}

function clip(text: string): string {
  const oneLine = text.replace(/\s+/g, " ").trim();
  return oneLine.length > WORDS_MAX ? `${oneLine.slice(0, WORDS_MAX - 1)}…` : oneLine;
}
