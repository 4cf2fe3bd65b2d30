import type { Requirement } from "#lib/domain/decision/policy.ts";

/** What a rule asks of a proposal, in a sentence before it is sent. */
export function policySentence(rule: Requirement): string {
  const who = rule.minRole === "lead" ? "a lead" : "an analyst or a lead";
  const count =
    rule.signOffs === 1
      ? `One signature by ${who}`
      : `${rule.signOffs} signatures, each by ${who},`;
  const leads =
    rule.leadSignOffs > 0 && rule.minRole !== "lead"
      ? `, ${rule.leadSignOffs} of them by a lead`
      : "";
  const other = rule.distinctFromProposer ? " other than you" : "";
  const how = rule.assurance === "password" ? "with the password entered again" : "with a passkey";
  return `${count}${leads}${other}, ${how}. Not signed within ${minutes(rule.proposalMinutes)}, it expires.`;
}

function minutes(count: number): string {
  if (count % 60 !== 0) return `${count} minutes`;
  const hours = count / 60;
  return hours === 1 ? "an hour" : `${hours} hours`;
}
