"use client";

import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import { useSummaryLinks } from "./summary-links.tsx";

const CHECK_WORDS: Record<string, string> = {
  cited_id: "Cited record",
  quote: "Quote",
  entity: "Name or number",
  predicate: "Test on records",
  coverage: "Words covered",
  taint: "Trust of the text",
  judgement: "Judgement",
  completeness: "Completeness",
};

/** Why the claim stands as it does: what it said, what the evidence has, and where. */
export function ClaimChecks({ checks }: { checks: readonly ClaimCheck[] }) {
  if (checks.length === 0) {
    return (
      <p className="text-xs text-dim">Nothing in this claim could be checked against a record.</p>
    );
  }
  return (
    <div className="overflow-x-auto">
      <table className="w-full min-w-96 table-fixed border-collapse text-xs">
        <caption className="sr-only">Checks of this claim</caption>
        <thead>
          <tr className="text-left text-2xs text-faint">
            <th scope="col" className="w-6 py-1 font-medium">
              <span className="sr-only">Result</span>
            </th>
            <th scope="col" className="w-28 py-1 pr-3 font-medium">
              Check
            </th>
            <th scope="col" className="py-1 pr-3 font-medium">
              Said
            </th>
            <th scope="col" className="py-1 pr-3 font-medium">
              Found
            </th>
            <th scope="col" className="w-20 py-1 font-medium">
              Where
            </th>
          </tr>
        </thead>
        <tbody>
          {checks.map((check, index) => (
            <tr key={index} className="border-t border-line/60 align-top">
              <td className="py-1">
                <StandingMark standing={check.effect} word={false} />
              </td>
              <td className="py-1 pr-3 text-dim">{CHECK_WORDS[check.check] ?? check.check}</td>
              <td className="record py-1 pr-3">
                <HostileText text={check.said} />
              </td>
              <td
                className={`record py-1 pr-3 ${check.effect === "supported" ? "text-dim" : "text-text"}`}
              >
                <HostileText text={check.found} />
              </td>
              <td className="py-1">
                <Where labels={check.where} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Where({ labels }: { labels: readonly string[] }) {
  const { idOfLabel, onOpenRecord } = useSummaryLinks();
  return (
    <span className="flex flex-wrap gap-x-1.5">
      {labels.map((label) => {
        const id = idOfLabel(label);
        if (!id) {
          return (
            <span key={label} className="record text-faint">
              {label}
            </span>
          );
        }
        return (
          <button
            key={label}
            type="button"
            onClick={() => onOpenRecord(id)}
            className="record text-accent hover:underline"
          >
            {label}
          </button>
        );
      })}
    </span>
  );
}
