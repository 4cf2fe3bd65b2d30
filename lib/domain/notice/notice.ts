/** What people are told of. */
export const NOTICE_KINDS = [
  "decision.waiting",
  "decision.signed",
  "decision.rejected",
  "decision.expired",
  "decision.went_stale",
  "decision.took_effect",
  "passkey.enrolled",
  "passkey.revoked",
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Each kind as a thing to be told of. */
export const NOTICE_KIND_WORDS: Record<NoticeKind, string> = {
  "decision.waiting": "A decision waits for your signature",
  "decision.signed": "Your proposal was signed and needs more signatures",
  "decision.rejected": "Your proposal was rejected",
  "decision.expired": "Your proposal expired",
  "decision.went_stale": "Your proposal is void: its facts changed",
  "decision.took_effect": "Your proposal took effect",
  "passkey.enrolled": "A passkey was enrolled: your own, and as a lead anybody's",
  "passkey.revoked": "A passkey was revoked: your own, and as a lead anybody's",
};
