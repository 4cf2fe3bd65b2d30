"use client";

import { createContext, use, useEffect, useState } from "react";
import type { ReactNode } from "react";

const HeldTexts = createContext<Map<string, string> | null>(null);

/** Keeps what is typed in it while its box is away: behind another tab, or where the window is too narrow for both. */
export function HoldTexts({ children }: { children: ReactNode }) {
  const [held] = useState(() => new Map<string, string>());
  return <HeldTexts value={held}>{children}</HeldTexts>;
}

/** The text of a box, which a later box of the same place begins with. */
export function useHeldText(place: string): [string, (text: string) => void] {
  const held = use(HeldTexts);
  const [text, setText] = useState(() => held?.get(place) ?? "");
  useEffect(() => {
    if (text === "") held?.delete(place);
    else held?.set(place, text);
  }, [held, place, text]);
  return [text, setText];
}
