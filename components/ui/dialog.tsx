"use client";

import { AlertDialog as Alert } from "@base-ui/react/alert-dialog";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useRef } from "react";
import type { ReactElement, ReactNode } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";

const BACKDROP =
  "fixed inset-0 z-40 bg-scrim transition-opacity data-starting-style:opacity-0 data-ending-style:opacity-0";
const POPUP = cx(
  "float fixed top-[12vh] left-1/2 z-40 flex max-h-[76vh] w-[calc(100vw-32px)] -translate-x-1/2 flex-col",
  "bg-surface text-text",
);
const FIELDS = "input:not([type=hidden]), textarea, select, [role=radio], [role=combobox]";
const WIDTHS = {
  sm: "max-w-[420px]",
  md: "max-w-[560px]",
  lg: "max-w-[760px]",
  xl: "max-w-[1040px]",
};

export type DialogProps = {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** The element that opens it; leave out when `open` is controlled. */
  trigger?: ReactElement;
  title: ReactNode;
  description?: ReactNode;
  size?: keyof typeof WIDTHS;
  /** The acts, right-aligned under a hairline. */
  footer?: ReactNode;
  children: ReactNode;
};

/** A modal. Focus goes in and comes back; Escape leaves. */
export function Dialog({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  size = "md",
  footer,
  children,
}: DialogProps) {
  const body = useRef<HTMLDivElement>(null);
  // What the person came to fill in, not the way out.
  const firstField = () => body.current?.querySelector<HTMLElement>(FIELDS) ?? true;
  return (
    <Base.Root open={open} onOpenChange={onOpenChange ? (next) => onOpenChange(next) : undefined}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={BACKDROP} />
        <Base.Popup initialFocus={firstField} className={cx(POPUP, WIDTHS[size])}>
          <header className="flex items-start gap-3 px-4 pt-3.5 pb-2">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              {description ? (
                <Base.Description className="mt-0.5 text-dim">{description}</Base.Description>
              ) : null}
            </div>
            <Base.Close
              aria-label="Close"
              className="-mr-1 inline-flex size-7 items-center justify-center rounded-control text-dim hover:bg-hover hover:text-text"
            >
              <X className="size-4" strokeWidth={1.5} aria-hidden />
            </Base.Close>
          </header>
          <div ref={body} className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
            {children}
          </div>
          {footer ? (
            <footer className="flex justify-end gap-2 border-t px-4 py-3">{footer}</footer>
          ) : null}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will happen and what stays safe. */
  children: ReactNode;
  /** The verb on the button. */
  act: string;
  tone?: "primary" | "danger";
  pending?: boolean;
  onConfirm: () => void;
};

/** Asks before an act that cannot be taken back. Escape and Cancel change nothing. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, children, act, tone = "danger", pending, onConfirm } = props;
  return (
    <Alert.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Alert.Portal>
        <Alert.Backdrop className={BACKDROP} />
        <Alert.Popup className={cx(POPUP, WIDTHS.sm)}>
          <div className="px-4 pt-3.5 pb-4">
            <Alert.Title className="text-lg font-semibold">{title}</Alert.Title>
            <Alert.Description render={<div />} className="mt-1 text-dim">
              {children}
            </Alert.Description>
          </div>
          <footer className="flex justify-end gap-2 border-t px-4 py-3">
            <Alert.Close render={<Button tone="quiet">Cancel</Button>} />
            <Button tone={tone} pending={pending} onClick={onConfirm}>
              {act}
            </Button>
          </footer>
        </Alert.Popup>
      </Alert.Portal>
    </Alert.Root>
  );
}
