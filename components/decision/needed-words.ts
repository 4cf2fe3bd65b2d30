import type { DecisionView } from "#lib/contracts/views.ts";

/** Who still has to sign: "1 signature by a lead needed", "1 of 2 signatures by an analyst given". */
export function neededWords({ needs, signOffs }: Pick<DecisionView, "needs" | "signOffs">): string {
  const given = signOffs.filter((signOff) => signOff.outcome === "approved").length;
  if (!needs) return "No rule of the policy allows it";
  const who = needs.minRole === "lead" ? "a lead" : "an analyst or a lead";
  const noun = needs.signOffs === 1 ? "signature" : "signatures";
  return given > 0
    ? `${given} of ${needs.signOffs} ${noun} by ${who} given`
    : `${needs.signOffs} ${noun} by ${who} needed`;
}
