import type { DecisionView, SignOffView } from "#lib/contracts/views.ts";

/** Who still has to sign: "1 signature by a lead needed", "1 of 2 signatures by an analyst given". */
export function neededWords({ needs, signOffs }: Pick<DecisionView, "needs" | "signOffs">): string {
  if (!needs) return "No rule of the policy allows it";
  const given = signOffs.filter(counts).length;
  const who = needs.minRole === "lead" ? "a lead" : "an analyst or a lead";
  const noun = needs.signOffs === 1 ? "signature" : "signatures";
  return given > 0
    ? `${given} of ${needs.signOffs} ${noun} by ${who} given`
    : `${needs.signOffs} ${noun} by ${who} needed`;
}

function counts(signOff: SignOffView): boolean {
  return signOff.outcome === "approved" && signOff.void === null;
}

/** Why a signature that stands there is not counted. */
export const VOID_WORDS: Record<NonNullable<SignOffView["void"]>, string> = {
  passkey_revoked: "does not count: the passkey was revoked",
  too_old: "no longer counts: it is too old",
  signer_changed: "no longer counts: the signer may not sign this any more",
};
