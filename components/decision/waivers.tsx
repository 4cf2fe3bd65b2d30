"use client";

import { CheckField } from "#components/ui/field.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import type { IncidentFacts } from "#lib/domain/decision/decision.ts";

type Props = {
  claims: IncidentFacts["unsettledClaims"];
  waived: readonly string[];
  onChange: (waived: string[]) => void;
};

/** Claims of the model that did not hold and nobody settled: each must be set aside by name. */
export function Waivers({ claims, waived, onChange }: Props) {
  if (claims.length === 0) return null;
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="text-xs font-medium">Claims that do not hold</legend>
      <p className="text-xs text-dim">
        The model made {claims.length === 1 ? "a claim" : "claims"} the evidence does not carry.
        Dispute or correct {claims.length === 1 ? "it" : "them"} in the summary, or set{" "}
        {claims.length === 1 ? "it" : "each"} aside here by name; what is set aside is part of the
        statement.
      </p>
      {claims.map((claim) => (
        <div key={claim.id} className="rounded-control border px-2.5 py-2">
          <CheckField
            checked={waived.includes(claim.id)}
            onChange={(on) =>
              onChange(on ? [...waived, claim.id] : waived.filter((id) => id !== claim.id))
            }
            label={
              <>
                <span className="text-dim">Set aside: </span>
                <HostileText text={claim.text} />
              </>
            }
            hint={<StandingMark standing={claim.standing} className="mt-0.5" />}
          />
        </div>
      ))}
    </fieldset>
  );
}
