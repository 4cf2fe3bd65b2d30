import type { RefObject } from "react";

/** What a popup is told by the element that opens it. */
export type PopupRoot = {
  anchor: RefObject<HTMLElement | null>;
  id: string;
  labelledBy: string;
  open: boolean;
  onOpen: (open: boolean) => void;
};

/** True where a popup would close because its own button is pressed, which closes it by itself. */
export function isOfTrigger(
  { reason, event }: { reason: string; event: Event },
  trigger: Element | null,
): boolean {
  if (reason !== "outside-press" && reason !== "focus-out") return false;
  const target = reason === "focus-out" ? (event as FocusEvent).relatedTarget : event.target;
  return target instanceof Node && trigger !== null && trigger.contains(target);
}
