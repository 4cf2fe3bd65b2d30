"use client";

import { useQuery } from "@tanstack/react-query";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Td, Tr } from "#components/ui/data-table.tsx";
import { utcClock, utcWords } from "#components/ui/time-words.ts";
import { pictureOptions } from "#lib/browser/incident-data.ts";
import type { ProcessView } from "#lib/contracts/picture-views.ts";
import type { PictureActs } from "./looks.ts";
import { PagedTable } from "./paged-table.tsx";
import { CappedNote, PictureOf } from "./picture-states.tsx";
import type { Form } from "./pictures-pane.tsx";
import { ProcessTree } from "./process-tree.tsx";

type Props = Pick<PictureActs, "onOpenRecord"> & {
  incidentId: string;
  cited: ReadonlySet<number>;
  form: Form;
};

/** Which process started which, on which host. */
export function ProcessPicture({ incidentId, cited, form, onOpenRecord }: Props) {
  const query = useQuery(pictureOptions(incidentId, "processes"));
  return (
    <PictureOf
      query={query}
      isEmpty={({ starts }) => starts.length === 0}
      empty={{
        title: "No process was seen to start",
        words:
          "Events that say a process began, such as Sysmon 1 and Security 4688, are drawn here.",
      }}
    >
      {({ starts, capped }) => (
        <>
          {capped ? (
            <CappedNote>
              Only the first {starts.length.toLocaleString("en")} starts are drawn; the thread has
              all.
            </CappedNote>
          ) : null}
          {form === "table" ? (
            <StartsTable starts={starts} onOpenRecord={onOpenRecord} />
          ) : (
            <ProcessTree starts={starts} cited={cited} onOpenRecord={onOpenRecord} />
          )}
        </>
      )}
    </PictureOf>
  );
}

function StartsTable({
  starts,
  onOpenRecord,
}: {
  starts: readonly ProcessView[];
  onOpenRecord: PictureActs["onOpenRecord"];
}) {
  return (
    <PagedTable
      caption="Processes that started"
      heads={["Time", "Host", "Parent", "Process", "Command line", "Account", "Record"]}
      rows={starts}
    >
      {(start) => (
        <Tr key={start.id}>
          <Td className="record text-xs whitespace-nowrap">
            {start.time ? (
              <time dateTime={start.time} title={utcWords(start.time, true)}>
                {utcClock(start.time)}
              </time>
            ) : (
              "unknown"
            )}
          </Td>
          {[start.host, start.parentName, start.name, start.commandLine, start.user].map(
            (value, index) => (
              <Td key={index} className="record min-w-24 text-xs break-all">
                {value === null ? (
                  <span className="text-faint">unknown</span>
                ) : (
                  <HostileText text={value} />
                )}
              </Td>
            ),
          )}
          <Td>
            <button
              type="button"
              className="record text-xs text-accent hover:underline"
              onClick={() => onOpenRecord(start.id)}
            >
              E{start.position}
            </button>
          </Td>
        </Tr>
      )}
    </PagedTable>
  );
}
