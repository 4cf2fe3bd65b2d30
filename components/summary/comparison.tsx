"use client";

import { ArrowLeft, ArrowRight, GitCompareArrows } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { ModelLabel } from "#components/marks/voices.tsx";
import { Badge } from "#components/ui/badge.tsx";
import type { BadgeTone } from "#components/ui/badge.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { utcWords } from "#components/ui/time-words.ts";
import type {
  ComparedClaim,
  ComparedPair,
  ComparisonView,
  SummaryLabel,
} from "#lib/contracts/copilot-views.ts";
import type { IncidentHead } from "#lib/contracts/views.ts";
import { wordDiff } from "#lib/domain/summary/word-diff.ts";

type Props = { head: IncidentHead; versions: readonly SummaryLabel[]; comparison: ComparisonView };

/** Two summaries of an incident side by side: what was added, dropped, said otherwise, and whose standing moved. */
export function Comparison({ head, versions, comparison }: Props) {
  const { left, right, pairs } = comparison;
  const [which, setWhich] = useState<"changes" | "all">("changes");
  const changed = pairs.filter(({ change }) => change !== "same");
  const shown = which === "all" ? pairs : changed;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5">
        <ButtonLink
          size="sm"
          tone="quiet"
          href={`/incidents/${head.number}`}
          icon={<ArrowLeft className="size-3.5" strokeWidth={1.5} aria-hidden />}
        >
          {head.number}
        </ButtonLink>
        <h1 className="text-lg font-semibold">Compare summaries</h1>
        <span className="min-w-0 flex-1 truncate text-dim">
          <HostileText text={head.title} />
        </span>
        <Versions head={head} versions={versions} left={left} right={right} />
      </header>
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b px-3 py-1">
        <Segmented
          label="Which claims"
          value={which}
          options={[
            { value: "changes", label: `Changes (${changed.length})` },
            { value: "all", label: `All (${pairs.length})` },
          ]}
          onChange={setWhich}
        />
        <Counts
          pairs={pairs}
          origins={{ left: comparison.left.origin, right: comparison.right.origin }}
        />
      </div>
      <section
        aria-label="Claims side by side"
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
      >
        {shown.length === 0 ? (
          <EmptyState icon={<GitCompareArrows />} title="Nothing changed">
            Both say the same, claim by claim, with the same standings.
          </EmptyState>
        ) : (
          <Pairs pairs={shown} comparison={comparison} number={head.number} />
        )}
      </section>
    </div>
  );
}

const CHANGES: Record<ComparedPair["change"], { word: string; tone: BadgeTone }> = {
  moved: { word: "Standing moved", tone: "warn" },
  added: { word: "Added", tone: "accent" },
  dropped: { word: "Dropped", tone: "danger" },
  reworded: { word: "Reworded", tone: "info" },
  same: { word: "Same", tone: "neutral" },
};

const CHANGE_NAMES = Object.keys(CHANGES) as ComparedPair["change"][];

const ONLY = { model: "Model only", rules: "Rules only" } as const;

type Origins = { left: SummaryLabel["origin"]; right: SummaryLabel["origin"] };

/** What only one of two voices says was neither added nor dropped: the other never said it. */
function changeWord(change: ComparedPair["change"], { left, right }: Origins): string {
  if (left !== right && change === "added") return ONLY[right];
  if (left !== right && change === "dropped") return ONLY[left];
  return CHANGES[change].word;
}

function Counts({ pairs, origins }: { pairs: readonly ComparedPair[]; origins: Origins }) {
  const counts = Map.groupBy(pairs, ({ change }) => change);
  return (
    <p className="flex flex-wrap gap-x-3 text-xs text-dim">
      {CHANGE_NAMES.map((change) => (
        <span key={change} className="tabular-nums">
          {changeWord(change, origins)} {counts.get(change)?.length ?? 0}
        </span>
      ))}
    </p>
  );
}

type VersionsProps = Pick<Props, "head" | "versions"> & { left: SummaryLabel; right: SummaryLabel };

function Versions({ head, versions, left, right }: VersionsProps) {
  const router = useRouter();
  const go = (sides: { left: string; right: string }) =>
    router.replace(`/incidents/${head.number}/compare?${new URLSearchParams(sides)}`);
  const options = versions.map((version) => ({
    value: version.id,
    label: `${version.origin === "model" ? "Model" : "Rules"} ${version.version}, ${utcWords(version.issuedAt)}`,
  }));
  return (
    <div className="flex shrink-0 items-center gap-1.5">
      <SelectField
        labelHidden
        label="Left summary"
        value={left.id}
        options={options}
        onChange={(id) => go({ left: id, right: right.id })}
      />
      <ArrowRight className="size-4 text-faint" strokeWidth={1.5} aria-hidden />
      <SelectField
        labelHidden
        label="Right summary"
        value={right.id}
        options={options}
        onChange={(id) => go({ left: left.id, right: id })}
      />
    </div>
  );
}

type PairsProps = { pairs: readonly ComparedPair[]; comparison: ComparisonView; number: string };

function Pairs({ pairs, comparison, number }: PairsProps) {
  const { left, right } = comparison;
  return (
    <table className="w-full min-w-[720px] table-fixed border-collapse">
      <caption className="sr-only">Claims of both summaries</caption>
      <thead className="sticky top-0 z-10 bg-bg">
        <tr className="border-b text-left align-bottom">
          <th scope="col" className="w-36 px-3 py-2 text-2xs font-medium text-faint">
            Change
          </th>
          <th scope="col" className="px-3 py-2 font-normal">
            <Side label={left} />
          </th>
          <th scope="col" className="px-3 py-2 font-normal">
            <Side label={right} />
          </th>
        </tr>
      </thead>
      <tbody>
        {pairs.map((pair) => (
          <PairRow
            key={`${pair.left?.id}:${pair.right?.id}`}
            pair={pair}
            origins={{ left: left.origin, right: right.origin }}
            number={number}
          />
        ))}
      </tbody>
    </table>
  );
}

function Side({ label }: { label: SummaryLabel }) {
  if (label.origin === "model") {
    return (
      <ModelLabel model={label.generator} at={label.issuedAt} aside={`version ${label.version}`} />
    );
  }
  return (
    <p className="text-2xs text-dim">
      <span className="font-medium">Composed by rules</span> · {label.generator} ·{" "}
      <ExactTime at={label.issuedAt} /> · version {label.version}
    </p>
  );
}

type RowProps = { pair: ComparedPair; origins: Origins; number: string };

function PairRow({ pair, origins, number }: RowProps) {
  const { change, left, right } = pair;
  const diff = useMemo(
    () => (left && right ? wordDiff(left.text, right.text) : { left: [], right: [] }),
    [left, right],
  );
  const standingMoved = left !== null && right !== null && left.standing !== right.standing;
  return (
    <tr className="border-b border-line/60 align-top">
      <td className="px-3 py-2.5">
        <Badge tone={CHANGES[change].tone}>{changeWord(change, origins)}</Badge>
      </td>
      <td className="px-3 py-2.5">
        <Cell
          origin={origins.left}
          absent={origins.left === origins.right ? "Not there" : "Not said here"}
        >
          {left ? (
            <Claim claim={left} differs={diff.left} number={number} strong={standingMoved} />
          ) : null}
        </Cell>
      </td>
      <td className="px-3 py-2.5">
        <Cell
          origin={origins.right}
          absent={origins.left === origins.right ? "Not there any more" : "Not said here"}
        >
          {right ? (
            <Claim claim={right} differs={diff.right} number={number} strong={standingMoved} />
          ) : null}
        </Cell>
      </td>
    </tr>
  );
}

function Cell({
  origin,
  absent,
  children,
}: {
  origin: SummaryLabel["origin"];
  absent: string;
  children: ReactNode;
}) {
  if (children === null) return <span className="text-xs text-faint">{absent}</span>;
  return (
    <div
      data-voice={origin}
      className={cx("border-l-2 pl-3", origin === "model" ? "border-model" : "border-rules")}
    >
      {children}
    </div>
  );
}

type ClaimProps = {
  claim: ComparedClaim;
  differs: [number, number][];
  number: string;
  /** Its standing is what moved. */
  strong: boolean;
};

function Claim({ claim, differs, number, strong }: ClaimProps) {
  return (
    <div className="flex flex-col gap-0.5">
      <p className="wrap-anywhere">
        <span className="record mr-1.5 text-2xs text-faint">{claim.ordinal + 1}</span>
        <HostileText
          text={claim.text}
          marks={differs.map(([start, end]) => ({ start, end, tone: "differs" as const }))}
        />
      </p>
      <p className="flex flex-wrap items-center gap-x-2 text-xs">
        <StandingMark
          standing={claim.standing}
          className={strong ? "font-medium text-text" : "text-dim"}
        />
        {claim.labels.map((label) => (
          <a
            key={label}
            href={`/incidents/${number}#${label}`}
            className="record text-xs text-accent underline-offset-2 hover:underline"
          >
            <HostileText text={label} />
          </a>
        ))}
      </p>
    </div>
  );
}
