"use client";

import { Circle, CircleCheck } from "lucide-react";
import { useEffect, useRef } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Avatar } from "#components/marks/person-chip.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { ModelText, RulesText } from "#components/marks/voices.tsx";
import { cx } from "#components/ui/cx.ts";
import type { CitedRecord } from "#lib/domain/decision/cited-records.ts";
import { citedRecords } from "#lib/domain/decision/cited-records.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";
import type { ReviewClaim } from "./decision-review.tsx";
import type { EvidenceBeside } from "./use-evidence-beside.ts";

const REVIEW_WORDS = {
  accepted: "Accepted by",
  disputed: "Disputed by",
  corrected: "Corrected by",
};

type Props = {
  claims: readonly ReviewClaim[];
  waived: Statement["claims"]["waived"];
  beside: EvidenceBeside;
};

/** The claims the decision rests on: what each says, how it stands, and its evidence, opened or not. */
export function ReviewClaims({ claims, waived, beside }: Props) {
  const model = claims.filter((claim) => claim.origin === "model");
  const [first] = model;
  const rules = claims.filter((claim) => claim.origin === "rules");
  if (claims.length === 0) {
    return (
      <p className="text-dim">There is no summary of this incident. The evidence speaks alone.</p>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <h2 className="text-xs font-medium text-dim">The claims it rests on, as they stand now</h2>
      {first ? (
        <ModelText model={first.generator} at={first.issuedAt}>
          <Claims claims={model} waived={waived} beside={beside} />
        </ModelText>
      ) : null}
      {rules.length > 0 ? (
        <RulesText>
          <Claims claims={rules} waived={waived} beside={beside} />
        </RulesText>
      ) : null}
    </div>
  );
}

function Claims({ claims, waived, beside }: Props) {
  return (
    <ol className="flex flex-col gap-3">
      {claims.map((claim) => {
        const review = claim.reviews.at(-1);
        return (
          <li key={claim.id} id={`claim-${claim.id}`} className="flex flex-col gap-1">
            <p>
              <HostileText text={claim.text} />
            </p>
            <p className="flex flex-wrap items-center gap-x-3 text-xs text-dim">
              <StandingMark standing={claim.standing} />
              {waived.some(({ id }) => id === claim.id) ? (
                <span className="text-warn">Set aside by name in the statement</span>
              ) : null}
              {review ? (
                <span className="text-accent">
                  {REVIEW_WORDS[review.outcome]} {review.person.name}
                </span>
              ) : null}
            </p>
            <Citations claim={claim} beside={beside} />
          </li>
        );
      })}
    </ol>
  );
}

/** Each record once a claim; the same record under two claims is opened once and shows so under both. */
function Citations({ claim, beside }: { claim: ReviewClaim; beside: EvidenceBeside }) {
  const cited = citedRecords([claim]);
  if (cited.length === 0) return null;
  return (
    <ul aria-label="Evidence of the claim" className="flex flex-wrap gap-1.5">
      {cited.map((record) => (
        <li key={record.evidenceId}>
          <Citation record={record} beside={beside} />
        </li>
      ))}
    </ul>
  );
}

function Citation({ record, beside }: { record: CitedRecord; beside: EvidenceBeside }) {
  const { evidenceId, label, claimId } = record;
  const opened = beside.isOpened(evidenceId);
  const others = beside.openedByOthers(evidenceId);
  const current = beside.at?.evidenceId === evidenceId && beside.at.claimId === claimId;
  const Glyph = opened ? CircleCheck : Circle;
  const self = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (current) self.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <button
      ref={self}
      type="button"
      data-cites={`${claimId} ${evidenceId}`}
      aria-current={current || undefined}
      onClick={() => beside.open(record)}
      className={cx(
        "inline-flex h-6 items-center gap-1.5 rounded-control border px-1.5 text-xs hover:bg-hover",
        current && "border-accent bg-selected",
        opened ? "text-dim" : "text-text",
      )}
    >
      <Glyph
        className={cx("size-3.5", opened ? "text-ok" : "text-faint")}
        strokeWidth={1.5}
        aria-hidden
      />
      <span className="record text-xs">{label}</span> {opened ? "opened" : "not opened"}
      {others.map((name) => (
        <span key={name} title={`Opened by ${name}`} className="inline-flex">
          <Avatar name={name} />
          <span className="sr-only">, opened by {name}</span>
        </span>
      ))}
    </button>
  );
}
