"use client";

import { useEffect, useRef } from "react";
import type { RefObject } from "react";

/** Goes to the first field that was refused, each time what was refused changes: in a long form it may be out of sight. */
export function useFirstInvalid(own: object, sent: object): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const isRefused = Object.keys(own).length + Object.keys(sent).length > 0;
    if (isRefused) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [own, sent]);
  return form;
}
