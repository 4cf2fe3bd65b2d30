"use client";

import { useQuery } from "@tanstack/react-query";
import { MenuChecks } from "#components/ui/menu.tsx";
import { sourceNamesOptions } from "#lib/browser/desk-data.ts";

type Props = { values: readonly string[]; onChange: (values: string[]) => void };

/** The sources by name, asked for when the menu opens; one that was typed and is none of them stays in the line. */
export function SourceChecks({ values, onChange }: Props) {
  const { data, isError, isPending } = useQuery(sourceNamesOptions());
  if (isPending || isError)
    return (
      <p role="status" className="px-2 py-1.5 text-xs text-dim">
        {isPending
          ? "Looking for sources."
          : "The sources could not be loaded. Type source: and a name."}
      </p>
    );
  const names = [...new Set([...data, ...values])];
  if (names.length === 0) return <div className="px-2 py-1.5 text-xs text-dim">No source yet.</div>;
  return (
    <MenuChecks
      label="Source"
      values={values}
      options={names.map((name) => ({ value: name, label: name }))}
      onChange={onChange}
    />
  );
}
