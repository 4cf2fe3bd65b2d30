"use client";

import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { cx } from "#components/ui/cx.ts";
import type { Finding } from "./check-words.ts";
import { LabelButton, Pieces } from "./pieces.tsx";
import { ShowRecords } from "./show-records.tsx";

/** Why the claim stands as it does: what it said, what the evidence has, and where. */
export function ClaimChecks({ findings }: { findings: readonly Finding[] }) {
  const [all, setAll] = useState(false);
  if (findings.length === 0) {
    return (
      <p className="py-1 text-xs text-dim">
        Nothing in this claim could be checked against a record.
      </p>
    );
  }
  const failed = findings.filter((finding) => finding.effect !== "supported");
  const held = findings.filter((finding) => finding.effect === "supported");
  const folds = failed.length > 0 && held.length > 1;
  return (
    <table className="mt-1 w-full table-fixed border-collapse border-y border-line text-xs">
      <caption className="sr-only">Checks of this claim</caption>
      <thead>
        <tr className="text-left text-2xs text-faint">
          <th scope="col" className="w-6 py-1 font-medium">
            <span className="sr-only">Result</span>
          </th>
          <th scope="col" className="py-1 pr-3 font-medium">
            Said
          </th>
          <th scope="col" className="py-1 pr-3 font-medium">
            Found
          </th>
          <th scope="col" className="w-16 py-1 font-medium">
            Where
          </th>
        </tr>
      </thead>
      <tbody>
        {failed.map((finding, index) => (
          <FindingRow key={index} finding={finding} />
        ))}
      </tbody>
      {held.length > 0 ? (
        <tbody>
          {folds ? (
            <tr className="border-t border-line/60">
              <td colSpan={4} className="py-0.5">
                <Fold count={held.length} open={all} onToggle={() => setAll(!all)} />
              </td>
            </tr>
          ) : null}
          {!folds || all
            ? held.map((finding, index) => <FindingRow key={index} finding={finding} />)
            : null}
        </tbody>
      ) : null}
    </table>
  );
}

function Fold({ count, open, onToggle }: { count: number; open: boolean; onToggle: () => void }) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      className="inline-flex h-6 items-center gap-1.5 text-xs text-dim hover:text-text"
    >
      <StandingMark standing="supported" word={false} />
      {count} {count === 1 ? "check" : "checks"} held
      <ChevronRight
        className={cx("size-3.5 transition-transform", open && "rotate-90")}
        strokeWidth={1.5}
        aria-hidden
      />
    </button>
  );
}

function FindingRow({ finding }: { finding: Finding }) {
  const { effect, name, said, found, where, query } = finding;
  const held = effect === "supported";
  return (
    <tr className="border-t border-line/60 align-top">
      <td className="py-1.5">
        <StandingMark standing={effect} word={false} />
      </td>
      <td className="py-1.5 pr-3 wrap-anywhere">
        <span className="block text-2xs text-faint">{name}</span>
        <span className={held ? "text-dim" : "text-text"}>
          <Pieces pieces={said} />
        </span>
      </td>
      <td className={cx("py-1.5 pr-3 wrap-anywhere", held ? "text-dim" : "text-text")}>
        <span aria-hidden className="block text-2xs">
          &nbsp;
        </span>
        <Pieces pieces={found} />
        {query ? (
          <span className="mt-0.5 block">
            <ShowRecords query={query} />
          </span>
        ) : null}
      </td>
      <td className="py-1.5">
        <span aria-hidden className="block text-2xs">
          &nbsp;
        </span>
        <Where labels={where} />
      </td>
    </tr>
  );
}

/** More records than these stand behind "+n"; the query, where there is one, opens them all. */
const LABELS_SHOWN = 4;

function Where({ labels }: { labels: readonly string[] }) {
  const more = labels.slice(LABELS_SHOWN);
  return (
    <span className="flex flex-wrap gap-x-1.5">
      {labels.slice(0, LABELS_SHOWN).map((label) => (
        <LabelButton key={label} label={label} />
      ))}
      {more.length > 0 ? (
        <span className="record text-faint" title={more.join(", ")}>
          +{more.length}
        </span>
      ) : null}
    </span>
  );
}
