"use client";

import { HostileText } from "#components/marks/hostile-text.tsx";
import type { AttackView } from "#lib/contracts/picture-views.ts";
import { whereTechnique } from "./attack-tags.ts";
import type { TechniqueCell } from "./attack-tags.ts";
import type { PictureActs } from "./looks.ts";

const SHOWN = 30;

type Props = Pick<PictureActs, "onShowWhere"> & {
  tactics: AttackView["tactics"];
  cells: readonly TechniqueCell[];
};

/** The matrix with only the techniques that somebody names, under each of their tactics. */
export function AttackMatrix({ tactics, cells, onShowWhere }: Props) {
  const columns = [
    ...tactics.map((tactic) => ({
      ...tactic,
      cells: cells.filter((cell) => cell.tactics.includes(tactic.id)),
    })),
    { id: "none", name: "Not of ATT&CK", cells: cells.filter((cell) => cell.tactics.length === 0) },
  ].filter((column) => column.cells.length > 0);
  return (
    <div
      className="flex min-h-0 flex-1 items-start gap-3 overflow-auto p-3"
      tabIndex={0}
      role="region"
      aria-label="Techniques by tactic"
    >
      {columns.map(({ id, name, cells: own }) => (
        <section key={id} aria-label={name} className="flex w-44 shrink-0 flex-col gap-1.5">
          <h2 className="text-2xs font-medium text-faint">{name}</h2>
          <ul className="flex flex-col gap-1.5">
            {own.slice(0, SHOWN).map((cell) => (
              <li key={cell.id}>
                <Cell cell={cell} onShowWhere={onShowWhere} />
              </li>
            ))}
          </ul>
          {own.length > SHOWN ? (
            <p className="text-2xs text-faint">and {own.length - SHOWN} more; the table has all</p>
          ) : null}
        </section>
      ))}
    </div>
  );
}

function Cell({ cell, onShowWhere }: { cell: TechniqueCell } & Pick<PictureActs, "onShowWhere">) {
  const { id, name, records, by } = cell;
  const words = (
    <>
      <span className="flex items-baseline gap-2">
        <span className="record text-2xs text-dim">
          <HostileText text={id} />
        </span>
        <span className="ml-auto text-2xs text-faint tabular-nums">
          {records.length === 0
            ? "named only"
            : `${records.length.toLocaleString("en")} ${records.length === 1 ? "record" : "records"}`}
        </span>
      </span>
      <span className="text-xs leading-snug">{name === id ? "No such technique" : name}</span>
      <span className="text-2xs text-faint">by {by.join(", ")}</span>
    </>
  );
  const look =
    "flex w-full flex-col gap-0.5 rounded-control border bg-surface px-2 py-1.5 text-left";
  if (records.length === 0) return <div className={`${look} border-dashed`}>{words}</div>;
  return (
    <button
      type="button"
      onClick={() => onShowWhere(whereTechnique(id))}
      className={`${look} hover:bg-hover`}
    >
      {words}
      <span className="sr-only">Show its records</span>
    </button>
  );
}
