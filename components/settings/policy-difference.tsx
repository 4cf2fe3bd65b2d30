import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { Notice } from "#components/ui/states.tsx";
import type { Requirement } from "#lib/domain/decision/policy.ts";
import { changesOf, valueChanges } from "#lib/domain/decision/policy-change.ts";
import type { CellChange, Direction, RuleWords } from "#lib/domain/decision/policy-change.ts";
import {
  askedWords,
  groupWords,
  signatureWords,
  valueWords,
} from "#lib/domain/decision/policy-words.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";

const ROWS_MAX = 100;

const DIRECTIONS = {
  weaker: { word: "Weaker", Icon: ArrowDown, colour: "text-warn" },
  both: { word: "Weaker and stronger", Icon: ArrowUpDown, colour: "text-warn" },
  stronger: { word: "Stronger", Icon: ArrowUp, colour: "text-ok" },
} as const;

type Props = {
  before: readonly RuleWords[];
  after: readonly RuleWords[];
  label: string;
  /** Whether the database says that it weakens; it also sees what only two types together show. */
  weakens?: boolean;
};

/** What changes from one set of rules to another, situation by situation, what gets weaker first. */
export function PolicyDifference({ before, after, label, weakens }: Props) {
  const changes = changesOf(before, after);
  const seen = changes.some(({ direction }) => direction !== "stronger");
  return (
    <div className="flex flex-col gap-3">
      {weakens && !seen ? (
        <Notice tone="warn">
          Incidents of several types need less: a rule of one type goes or fits less, and by another
          type somebody may still decide.
        </Notice>
      ) : null}
      {changes.length === 0 ? (
        <p className="text-dim">Nothing changes in any situation of one type.</p>
      ) : (
        <Changes changes={changes} label={label} />
      )}
    </div>
  );
}

function Changes({ changes, label }: { changes: CellChange[]; label: string }) {
  return (
    <div className="overflow-x-auto border-t">
      <DataTable aria-label={label}>
        <thead>
          <tr>
            <Th className="pl-0">Becomes</Th>
            <Th>Decision</Th>
            <Th>Situations</Th>
            <Th className="pr-0">What changes</Th>
          </tr>
        </thead>
        <tbody>
          {changes.slice(0, ROWS_MAX).map((change, index) => (
            <Tr key={index}>
              <Td className="pl-0 whitespace-nowrap">
                <DirectionMark direction={change.direction} />
              </Td>
              <Td className="font-medium whitespace-nowrap">{DECISION_WORDS[change.kind]}</Td>
              <Td className="max-w-96 py-1.5">
                {change.situations.map((group, at) => (
                  <p key={at}>{groupWords(group, change.kind)}</p>
                ))}
              </Td>
              <Td className="max-w-96 py-1.5 pr-0">
                <WhatChanges before={change.before} after={change.after} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </DataTable>
      {changes.length > ROWS_MAX ? (
        <p className="pt-2 text-dim">
          And {changes.length - ROWS_MAX} more changes, none of them weaker than those shown first.
        </p>
      ) : null}
    </div>
  );
}

function DirectionMark({ direction }: { direction: Direction }) {
  const { word, Icon, colour } = DIRECTIONS[direction];
  return (
    <span className={`inline-flex items-center gap-1.5 ${colour}`}>
      <Icon className="size-3.5" strokeWidth={2} aria-hidden />
      {word}
    </span>
  );
}

/** The values that differ, or that nobody may on one side. */
export function WhatChanges({
  before,
  after,
}: {
  before: Requirement | null;
  after: Requirement | null;
}) {
  if (after === null) return <p>Nobody may any more.</p>;
  if (before === null) return <p>Nobody might; now with {signatureWords(after)}.</p>;
  return (
    <ul>
      {valueChanges(before, after).map(({ asked, direction }) => (
        <li key={asked} className={direction === "weaker" ? "text-warn" : undefined}>
          {askedWords(asked)}: {valueWords(asked, before[asked])} →{" "}
          {valueWords(asked, after[asked])}
        </li>
      ))}
    </ul>
  );
}
