"use client";

import { mergeProps } from "@base-ui/react/merge-props";
import dynamic from "next/dynamic";
import { cloneElement, useState } from "react";
import type { ReactElement, ReactNode } from "react";
import { later, soon } from "./later.tsx";
import { usePress } from "./use-press.ts";
import type { Trigger } from "./use-press.ts";
import { useReach } from "./use-reach.ts";

type Side = "top" | "bottom" | "left" | "right";
type Align = "start" | "center" | "end";

export type PopoverProps = {
  trigger: ReactElement;
  /** The accessible name; visible unless `titleHidden`. */
  title: string;
  titleHidden?: boolean;
  side?: Side;
  align?: Align;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
};

const load = soon(async () => (await import("./floats.tsx")).PopoverPopup);
const PopoverPopup = later(dynamic(load));

export function Popover({ trigger, open: asked, onOpenChange, ...look }: PopoverProps) {
  const [own, setOwn] = useState(false);
  const [used, setUsed] = useState(false);
  const open = asked ?? own;
  const onOpen = (next: boolean) => {
    setOwn(next);
    setUsed(true);
    onOpenChange?.(next);
  };
  const { element, anchor, popup } = usePress({
    trigger,
    has: "dialog",
    open,
    onOpen,
    load,
  });
  return (
    <>
      {element}
      {used || open ? <PopoverPopup {...look} {...popup} {...{ anchor, open, onOpen }} /> : null}
    </>
  );
}

export type PreviewProps = {
  /** A link or button whose target is shown. */
  trigger: ReactElement;
  side?: Side;
  align?: Align;
  className?: string;
  children: ReactNode;
};

const loadCard = soon(async () => (await import("./floats.tsx")).PreviewCard);
const PreviewCard = later(dynamic(loadCard), { quiet: true });

/** A look at what a link leads to, on hover or focus; everything in it is also behind the link. */
export function Preview({ trigger: link, side, align, className, children }: PreviewProps) {
  const { anchor, close, trigger, popup } = useReach({ delay: 250, grace: 120, load: loadCard });
  const element = link as Trigger;
  return (
    <>
      {cloneElement(element, mergeProps<"button">(trigger, element.props))}
      {anchor ? (
        <PreviewCard {...{ anchor, close, popup, side, align, className }}>{children}</PreviewCard>
      ) : null}
    </>
  );
}
