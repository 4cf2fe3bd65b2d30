"use client";

import { useState } from "react";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { DataTable, Th } from "#components/ui/data-table.tsx";

const STEP = 200;

/** A picture as a table, in steps of 200 rows. */
export function PagedTable<T>({
  caption,
  heads,
  rows,
  children,
}: {
  caption: string;
  heads: readonly string[];
  rows: readonly T[];
  children: (row: T, index: number) => ReactNode;
}) {
  const [shown, setShown] = useState(STEP);
  const left = rows.length - shown;
  return (
    <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label={caption}>
      <DataTable>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <Th key={head}>{head}</Th>
            ))}
          </tr>
        </thead>
        <tbody>{rows.slice(0, shown).map((row, index) => children(row, index))}</tbody>
      </DataTable>
      {left > 0 ? (
        <div className="p-3">
          <Button onClick={() => setShown(shown + STEP)}>
            Show {Math.min(STEP, left).toLocaleString("en")} more of {left.toLocaleString("en")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
