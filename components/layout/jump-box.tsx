"use client";

import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { Kbd } from "#components/ui/kbd.tsx";
import { ahead, later, soon } from "#components/ui/later.tsx";
import type { Role } from "#lib/domain/people/permissions.ts";

const load = async () => (await import("./palette.tsx")).Palette;
const Palette = later(dynamic(soon(load)));

/** The way to everything by a few letters; what it opens is loaded when it is first wanted. */
export function JumpBox({ role }: { role: Role }) {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const show = (next: boolean) => {
    setWanted(true);
    setOpen(next);
  };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      if (event.altKey || event.shiftKey) return;
      event.preventDefault();
      setWanted(true);
      setOpen((was) => !was);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-keyshortcuts="Control+K"
        onPointerEnter={() => ahead(load)}
        onFocus={() => ahead(load)}
        onClick={() => show(true)}
        className="flex h-7 w-full max-w-[420px] items-center gap-2 rounded-control border border-transparent bg-sunken px-2 text-left text-sm text-faint transition-colors hover:border-line"
      >
        <Search className="size-4 shrink-0" strokeWidth={1.5} aria-hidden />
        <span className="min-w-0 flex-1 truncate">Search, or go anywhere</span>
        <span className="hidden items-center gap-0.5 sm:flex" aria-hidden>
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      {wanted ? <Palette role={role} open={open} onOpenChange={show} /> : null}
    </>
  );
}
