"use client";

import { mergeProps } from "@base-ui/react/merge-props";
import dynamic from "next/dynamic";
import { cloneElement } from "react";
import type { ReactElement, ReactNode } from "react";
import { later, soon } from "./later.tsx";
import type { Trigger } from "./use-press.ts";
import { useReach } from "./use-reach.ts";

type Side = "top" | "bottom" | "left" | "right";

export type TooltipProps = {
  content: ReactNode;
  /** A shortcut shown after the text. */
  keys?: string;
  side?: Side;
  /** The element described; it must be focusable to be reached by keyboard. */
  children: ReactElement;
};

const load = soon(async () => (await import("./floats.tsx")).Hint);
const Hint = later(dynamic(load), { quiet: true });

/** A hint on hover and focus. It repeats or refines a name; it never holds the only copy of a fact. */
export function Tooltip({ content, keys, side = "bottom", children }: TooltipProps) {
  const { anchor, close, trigger, popup } = useReach({ delay: 350, grace: 100, load });
  const element = children as Trigger;
  return (
    <>
      {cloneElement(element, mergeProps<"button">(trigger, element.props))}
      {anchor ? <Hint {...{ anchor, close, popup, content, keys, side }} /> : null}
    </>
  );
}
