"use client";

import { ChevronDown } from "lucide-react";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Button } from "#components/ui/button.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import type { PersonView } from "#lib/contracts/views.ts";
import { ASSIGN_TO_ID } from "./selection-ids.ts";
import { usePeople } from "./use-people.ts";

type Props = { disabled: boolean; onAssign: (to: PersonView) => void };

/** Everybody who can be given an incident; typing goes to a name. */
export function AssignMenu({ disabled, onAssign }: Props) {
  return (
    <Menu
      side="top"
      className="max-h-80 w-60 overflow-y-auto"
      trigger={
        <Button id={ASSIGN_TO_ID} keys="g" aria-disabled={disabled || undefined}>
          Assign to
          <ChevronDown className="size-3.5 text-faint" strokeWidth={1.5} aria-hidden />
        </Button>
      }
    >
      <People onAssign={onAssign} />
    </Menu>
  );
}

function People({ onAssign }: Pick<Props, "onAssign">) {
  const people = usePeople();
  if (people.isPending) return <Words>Looking for people.</Words>;
  if (people.isError) return <Words>{people.error.message} Nothing was assigned.</Words>;
  return people.data.map((each) => (
    <MenuItem key={each.id} onSelect={() => onAssign(each)}>
      <PersonChip name={each.name} role={each.role} />
    </MenuItem>
  ));
}

function Words({ children }: { children: React.ReactNode }) {
  return (
    <p role="status" className="px-2 py-1.5 text-xs text-dim">
      {children}
    </p>
  );
}
