"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import type { ComponentProps } from "react";
import { later, soon } from "#components/ui/later.tsx";
import type { IncidentHelp } from "./incident-help.tsx";

const Help = later(dynamic(soon(async () => (await import("./incident-help.tsx")).IncidentHelp)));

/** The keys of the screen; there from the first time they are asked for, so that the dialog can also leave. */
export function KeysDialog(props: ComponentProps<typeof IncidentHelp>) {
  const [wanted, setWanted] = useState(props.open);
  if (props.open && !wanted) setWanted(true);
  return wanted ? <Help {...props} /> : null;
}
