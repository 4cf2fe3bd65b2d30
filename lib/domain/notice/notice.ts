import type { Role } from "../people/permissions.ts";

type KindWords = {
  /** The kind as a thing to be told of. */
  words: string;
  /** Whoever may be told of it at all. */
  roles: readonly Role[];
};

const DESK = ["analyst", "lead"] as const;
const RULES = ["lead", "admin"] as const;

const KIND_TABLE = {
  "decision.waiting": { words: "A decision waits for your signature", roles: DESK },
  "decision.signed": {
    words: "Your proposal was signed and needs more signatures",
    roles: DESK,
  },
  "decision.rejected": { words: "Your proposal was rejected", roles: DESK },
  "decision.expired": { words: "Your proposal expired", roles: DESK },
  "decision.went_stale": { words: "Your proposal is void: its facts changed", roles: DESK },
  "decision.took_effect": { words: "Your proposal took effect", roles: DESK },
  "automation.isolated": {
    words: "An endpoint was isolated by itself: in an incident of yours, and as a lead in any",
    roles: DESK,
  },
  "automation.stopped": {
    words: "Automation stopped itself over doubt: in an incident of yours, and as a lead in any",
    roles: DESK,
  },
  "automation.waiting": {
    words: "Rules of automation wait for a second admin",
    roles: RULES,
  },
  "automation.scheduled": {
    words: "Rules that let more run by itself have their signatures and wait for their time",
    roles: RULES,
  },
  "policy.waiting": { words: "A weaker policy waits for a second admin", roles: RULES },
  "policy.scheduled": {
    words: "A weaker policy has its signatures and waits for its time",
    roles: RULES,
  },
  "incident.handed_over": {
    words: "An incident was handed over: to you, or one that you watch",
    roles: DESK,
  },
  "incident.mentioned": { words: "A note names you", roles: DESK },
  "incident.status_changed": { words: "The status of an incident you watch changed", roles: DESK },
  "incident.decision_proposed": {
    words: "A decision was proposed in an incident you watch",
    roles: DESK,
  },
  "incident.decision_took_effect": {
    words: "A decision took effect in an incident you watch",
    roles: DESK,
  },
  "incident.decision_rejected": {
    words: "A decision was rejected in an incident you watch",
    roles: DESK,
  },
  "passkey.enrolled": {
    words: "A passkey was enrolled: your own, and as a lead anybody's",
    roles: DESK,
  },
  "passkey.revoked": {
    words: "A passkey was revoked: your own, and as a lead anybody's",
    roles: DESK,
  },
} as const satisfies Record<string, KindWords>;

/** What people are told of. */
export type NoticeKind = keyof typeof KIND_TABLE;
export const NOTICE_KINDS = Object.keys(KIND_TABLE) as NoticeKind[];

/** The kinds that a person in this role may be told of. */
export function noticeKindsOf(role: Role): NoticeKind[] {
  return NOTICE_KINDS.filter((kind) => {
    const roles: readonly Role[] = KIND_TABLE[kind].roles;
    return roles.includes(role);
  });
}

export function noticeKindWords(kind: NoticeKind): string {
  return KIND_TABLE[kind].words;
}
