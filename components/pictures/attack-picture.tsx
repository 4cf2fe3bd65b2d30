"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { MITRE_NOTICE } from "#components/marks/mitre-notice.ts";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { Td, Tr } from "#components/ui/data-table.tsx";
import { utcClock, utcWords } from "#components/ui/time-words.ts";
import { pictureOptions } from "#lib/browser/incident-data.ts";
import type { AttackView } from "#lib/contracts/picture-views.ts";
import { AttackMatrix } from "./attack-matrix.tsx";
import { AttackPath } from "./attack-path.tsx";
import { techniquesOf, whereTechnique } from "./attack-tags.ts";
import type { ClaimOrigins, TechniqueCell } from "./attack-tags.ts";
import type { PictureActs } from "./looks.ts";
import { PagedTable } from "./paged-table.tsx";
import { CappedNote, PictureOf } from "./picture-states.tsx";
import type { Form } from "./pictures-pane.tsx";

type Props = PictureActs & {
  incidentId: string;
  look: "path" | "matrix";
  form: Form;
  cited: ReadonlySet<number>;
  origins: ClaimOrigins;
};

/** What sources tagged with ATT&CK: as tactics over time, or in the matrix, with who says so. */
export function AttackPicture({ incidentId, look, form, ...props }: Props) {
  const query = useQuery(pictureOptions(incidentId, "attack"));
  return (
    <PictureOf
      query={query}
      isEmpty={({ records, named }) => records.length === 0 && named.length === 0}
      empty={{
        title: "Nothing is tagged with ATT&CK",
        words:
          "Techniques and tactics that a source writes on its records, or a claim names, are drawn here.",
      }}
    >
      {(view) => (
        <>
          {view.capped ? (
            <CappedNote>
              Only the first {view.records.length.toLocaleString("en")} tagged records are drawn.
            </CappedNote>
          ) : null}
          {look === "path" ? (
            <Path {...props} view={view} form={form} />
          ) : (
            <Matrix {...props} view={view} form={form} />
          )}
          <p className="shrink-0 border-t px-3 py-1.5 text-2xs text-faint">{MITRE_NOTICE}</p>
        </>
      )}
    </PictureOf>
  );
}

type InnerProps = Omit<Props, "incidentId" | "look"> & { view: AttackView };

function Path({ view, form, cited, onOpenRecord }: InnerProps) {
  const names = useMemo(() => new Map(view.tactics.map(({ id, name }) => [id, name])), [view]);
  if (form === "picture")
    return <AttackPath view={view} cited={cited} onOpenRecord={onOpenRecord} />;
  return (
    <PagedTable
      caption="Tagged records in time"
      heads={["Time", "Tactics", "Techniques", "Record", "Source"]}
      rows={view.records}
    >
      {(record) => (
        <Tr key={record.id}>
          <Td className="record text-xs whitespace-nowrap">
            {record.time ? (
              <time dateTime={record.time} title={utcWords(record.time, true)}>
                {utcClock(record.time)}
              </time>
            ) : (
              "unknown"
            )}
          </Td>
          <Td>{record.tactics.map((id) => names.get(id) ?? id).join(", ")}</Td>
          <Td className="text-xs">
            {record.techniques.map(({ id, name }) => (
              <span key={id} className="block">
                <span className="record">
                  <HostileText text={id} />
                </span>{" "}
                {name === id ? null : name}
              </span>
            ))}
          </Td>
          <Td>
            <button
              type="button"
              onClick={() => onOpenRecord(record.id)}
              className="flex items-center gap-1.5 text-left hover:underline"
            >
              {record.severity ? <SeverityMark severity={record.severity} word={false} /> : null}
              <HostileText text={record.title} />
            </button>
          </Td>
          <Td className="text-dim">{record.source}</Td>
        </Tr>
      )}
    </PagedTable>
  );
}

function Matrix({ view, form, origins, ...acts }: InnerProps) {
  const cells = useMemo(() => techniquesOf(view, origins), [view, origins]);
  if (form === "picture") return <AttackMatrix tactics={view.tactics} cells={cells} {...acts} />;
  return <CellsTable cells={cells} onShowWhere={acts.onShowWhere} />;
}

function CellsTable({
  cells,
  onShowWhere,
}: {
  cells: readonly TechniqueCell[];
  onShowWhere: PictureActs["onShowWhere"];
}) {
  return (
    <PagedTable
      caption="Techniques of ATT&CK"
      heads={["Technique", "Name", "Tactics", "Records", "Tagged by"]}
      rows={cells}
    >
      {(cell) => (
        <Tr key={cell.id}>
          <Td className="record">
            <HostileText text={cell.id} />
          </Td>
          <Td>{cell.name}</Td>
          <Td className="text-dim">{cell.tactics.join(", ")}</Td>
          <Td numeric>
            {cell.records.length === 0 ? (
              "0"
            ) : (
              <button
                type="button"
                className="text-accent hover:underline"
                onClick={() => onShowWhere(whereTechnique(cell.id))}
              >
                {cell.records.length.toLocaleString("en")}
                <span className="sr-only"> records: show them</span>
              </button>
            )}
          </Td>
          <Td className="text-dim">{cell.by.join(", ")}</Td>
        </Tr>
      )}
    </PagedTable>
  );
}
