import type { Requirement } from "#lib/domain/decision/policy.ts";

/** What a rule asks of a proposal, in a sentence before it is sent. */
export function policySentence(rule: Requirement): string {
  const { signOffs, leadSignOffs } = rule;
  const several = signOffs > 1;
  const who = rule.minRole === "lead" ? "a lead" : "an analyst or a lead";
  const leads =
    leadSignOffs > 0 && rule.minRole !== "lead"
      ? `, ${number(leadSignOffs)} of them by a lead,`
      : "";
  const apart = [
    ...(rule.distinctFromProposer ? ["you"] : []),
    ...(rule.distinctFromAssignee ? ["whoever the incident is assigned to"] : []),
  ];
  const other = apart.length > 0 ? ` other than ${apart.join(" or ")}` : "";
  const how = rule.assurance === "password" ? "with the password entered again" : "with a passkey";
  const opened = rule.evidenceOpened ? " and after opening what the claims cite" : "";
  const count = number(signOffs);
  return `${count.charAt(0).toUpperCase()}${count.slice(1)} signature${several ? "s" : ""} by ${who}${leads}${other}, ${several ? "each " : ""}${how}${opened}. Not signed within ${minutes(rule.proposalMinutes)}, it expires.`;
}

const NUMBERS = ["no", "one", "two", "three", "four", "five"];

function number(count: number): string {
  return NUMBERS[count] ?? String(count);
}

function minutes(count: number): string {
  if (count % 60 !== 0) return `${count} minutes`;
  const hours = count / 60;
  return hours === 1 ? "an hour" : `${hours} hours`;
}
