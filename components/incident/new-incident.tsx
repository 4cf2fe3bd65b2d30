"use client";

import dynamic from "next/dynamic";
import { FilePlus2 } from "lucide-react";
import { useState } from "react";
import { IconButton } from "#components/ui/icon-button.tsx";
import { later, soon } from "#components/ui/later.tsx";

const NewIncidentDialog = later(
  dynamic(soon(async () => (await import("./new-incident-dialog.tsx")).NewIncidentDialog)),
);

/** So that a key of the queue can press it. */
export const NEW_INCIDENT_ID = "new-incident";

export function NewIncident() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        id={NEW_INCIDENT_ID}
        label="New incident"
        keys="i"
        icon={<FilePlus2 className="size-3.5" strokeWidth={1.5} aria-hidden />}
        onClick={() => setOpen(true)}
      />
      {open ? <NewIncidentDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
