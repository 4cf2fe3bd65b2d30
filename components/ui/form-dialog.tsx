"use client";

import { useId } from "react";
import type { ComponentProps, ReactElement, ReactNode } from "react";
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
  /** What stands in its way is said among the fields; until it is gone the act is not done. */
  blocked?: boolean;
  size?: ComponentProps<typeof Dialog>["size"];
  onSubmit: () => void;
  /** Fields, and what was refused. */
  children: ReactNode;
};

/** A modal with one form: Enter does the act, Escape and the quiet button leave. */
export function FormDialog(props: Props) {
  const { onOpenChange, pending, blocked = false, children } = props;
  const form = useId();
  return (
    <Dialog
      open={props.open}
      size={props.size}
      onOpenChange={onOpenChange}
      trigger={props.trigger}
      title={props.title}
      description={props.description}
      footer={
        <>
          <Button tone="quiet" onClick={() => onOpenChange(false)}>
            {props.cancel ?? "Cancel"}
          </Button>
          <Button
            type="submit"
            form={form}
            tone={props.tone ?? "primary"}
            pending={pending}
            aria-disabled={blocked || undefined}
          >
            {props.submit}
          </Button>
        </>
      }
    >
      <form
        method="post"
        id={form}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!blocked) props.onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
