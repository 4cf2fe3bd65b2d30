"use client";

import { useId } from "react";
import type { ReactElement, ReactNode } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The element that opens it; leave out when something else does. */
  trigger?: ReactElement;
  title: ReactNode;
  description?: ReactNode;
  /** What the act is called. */
  submit: string;
  tone?: "primary" | "danger";
  /** What leaving without it is called. */
  cancel?: string;
  pending: boolean;
  onSubmit: () => void;
  /** Fields, and what was refused. */
  children: ReactNode;
};

/** A modal with one form: Enter does the act, Escape and the quiet button leave. */
export function FormDialog(props: Props) {
  const { onOpenChange, pending, children } = props;
  const form = useId();
  return (
    <Dialog
      open={props.open}
      onOpenChange={onOpenChange}
      trigger={props.trigger}
      title={props.title}
      description={props.description}
      footer={
        <>
          <Button tone="quiet" onClick={() => onOpenChange(false)}>
            {props.cancel ?? "Cancel"}
          </Button>
          <Button type="submit" form={form} tone={props.tone ?? "primary"} pending={pending}>
            {props.submit}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          props.onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
