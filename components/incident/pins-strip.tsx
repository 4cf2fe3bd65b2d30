"use client";

import { Pin, PinOff } from "lucide-react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { utcClock, utcWords } from "#components/ui/time-words.ts";
import type { PinView } from "#lib/contracts/thread-views.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";

type Props = {
  pins: readonly PinView[];
  openedId: string | null;
  mayPin: boolean;
  onOpen: (evidenceId: string) => void;
  onUnpin: (pin: PinView) => void;
};

/** What the team keeps in sight: records pinned by anybody, above the thread for everybody. */
export function PinsStrip({ pins, openedId, mayPin, onOpen, onUnpin }: Props) {
  if (pins.length === 0) return null;
  return (
    <section aria-label="Pinned records" className="shrink-0 border-b bg-surface">
      <ul tabIndex={0} className="max-h-28 overflow-y-auto outline-offset-[-2px]">
        {pins.map((pin) => (
          <li
            key={pin.record.id}
            className="flex h-7 items-center gap-2 pr-1.5 pl-3 hover:bg-hover data-opened:bg-selected"
            data-opened={pin.record.id === openedId || undefined}
          >
            <Pin className="size-3.5 shrink-0 text-accent" strokeWidth={1.5} aria-hidden />
            <button
              type="button"
              onClick={() => onOpen(pin.record.id)}
              className="flex min-w-0 flex-1 items-baseline gap-2 text-left text-xs"
            >
              <span className="record shrink-0 text-faint">
                {pin.record.time ? utcClock(pin.record.time) : "no time"}
              </span>
              <span className="truncate text-text">
                <HostileText text={pin.record.title} />
              </span>
              <span className="record ml-auto shrink-0 text-2xs text-faint">
                E{pin.record.position}
              </span>
            </button>
            <span
              title={`Pinned by ${visibleText(pin.by.name)} ${utcWords(pin.at)}`}
              className="max-w-28 truncate text-2xs text-faint"
            >
              <span className="sr-only">Pinned by </span>
              <HostileText text={pin.by.name} />
            </span>
            {mayPin ? (
              <IconButton
                size="sm"
                label={`Take the pin off E${pin.record.position}`}
                icon={<PinOff className="size-3.5" strokeWidth={1.5} aria-hidden />}
                onClick={() => onUnpin(pin)}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
