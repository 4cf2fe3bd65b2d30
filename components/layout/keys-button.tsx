"use client";

import { CircleHelp } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { IconButton } from "#components/ui/icon-button.tsx";
import { later, soon } from "#components/ui/later.tsx";
import { useKeys } from "#components/ui/use-keys.ts";

const Help = later(dynamic(soon(async () => (await import("./keys-help.tsx")).KeysHelp)));

/** The way to the keys of whatever screen stands. */
export function KeysButton() {
  const [open, setOpen] = useState(false);
  // There from the first time on, so that the dialog can also leave.
  const [wanted, setWanted] = useState(false);
  const show = (next: boolean) => {
    setWanted(true);
    setOpen(next);
  };
  useKeys([{ key: "?", what: "These keys", run: () => show(true) }]);
  return (
    <>
      <IconButton
        label="Keys"
        keys="?"
        icon={<CircleHelp className="size-4" strokeWidth={1.5} aria-hidden />}
        onClick={() => show(true)}
      />
      {wanted ? <Help open={open} onOpenChange={show} /> : null}
    </>
  );
}
