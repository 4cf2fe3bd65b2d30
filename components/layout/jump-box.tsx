"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { Kbd } from "#components/ui/kbd.tsx";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";

/** Goes to an incident by its number, or searches all incidents for the words. */
export function JumpBox() {
  const router = useRouter();
  const box = useRef<HTMLInputElement>(null);
  useHotkeys("mod+k", () => box.current?.select(), {
    enableOnFormTags: true,
    preventDefault: true,
  });
  const go = (text: string) => {
    const words = text.trim();
    if (!words) return;
    const number = parseIncidentNumber(words);
    router.push(
      number === null
        ? `/incidents?${new URLSearchParams({ view: "all", q: words })}`
        : `/incidents/${incidentNumber(number)}`,
    );
    if (box.current) box.current.value = "";
    box.current?.blur();
  };
  return (
    <search className="block w-full max-w-[420px]">
      <form
        className="relative"
        onSubmit={(event) => {
          event.preventDefault();
          go(box.current?.value ?? "");
        }}
      >
        <Search
          className="pointer-events-none absolute top-1.5 left-2 size-4 text-faint"
          strokeWidth={1.5}
          aria-hidden
        />
        <input
          ref={box}
          type="search"
          name="jump"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          aria-label="Search incidents or jump to a number"
          placeholder="Search, or jump to INC-123"
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
          className="h-7 w-full rounded-control border border-transparent bg-sunken pr-16 pl-8 text-sm transition-colors hover:border-line focus-visible:border-accent [&::-webkit-search-cancel-button]:hidden"
        />
        <span
          className="pointer-events-none absolute top-1.5 right-2 hidden items-center gap-0.5 text-faint sm:flex"
          aria-hidden
        >
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </span>
      </form>
    </search>
  );
}
