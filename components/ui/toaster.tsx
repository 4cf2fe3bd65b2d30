"use client";

import { Toast } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

const manager = Toast.createToastManager();

type ToastOptions = { detail?: string; act?: { label: string; onPress: () => void } };

/** Says in passing what just happened. A refusal with reasons belongs beside its button, not here. */
export const toast = {
  done(title: string, options: ToastOptions = {}) {
    add("done", title, options);
  },
  failed(title: string, options: ToastOptions = {}) {
    add("failed", title, options);
  },
  /** Presses the act of the newest toast that still offers one, as its key does. */
  undo() {
    [...offers.values()].at(-1)?.();
  },
};

/** What the toasts on the screen offer, in the order they came. */
const offers = new Map<string, () => void>();

function add(type: "done" | "failed", title: string, { detail, act }: ToastOptions) {
  const press = () => {
    offers.delete(id);
    manager.close(id);
    act?.onPress();
  };
  const id = manager.add({
    type,
    title,
    description: detail,
    priority: type === "failed" ? "high" : "low",
    // What can be undone can be read twice first.
    timeout: act || type === "failed" ? 8000 : 4000,
    onRemove: () => void offers.delete(id),
    actionProps: act ? { children: act.label, onClick: press } : undefined,
  });
  if (act) offers.set(id, press);
}

/** Once near the root. */
export function Toaster({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={4}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[340px] max-w-[calc(100vw-32px)] flex-col gap-2">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Toasts() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((item) => (
    <Toast.Root
      key={item.id}
      toast={item}
      className={cx(
        "float flex items-start gap-2.5 p-3 transition-[opacity,transform]",
        "data-limited:opacity-0",
      )}
    >
      {item.type === "failed" ? (
        <CircleAlert className="mt-0.5 size-4 shrink-0 text-danger" strokeWidth={1.5} aria-hidden />
      ) : (
        <CircleCheck className="mt-0.5 size-4 shrink-0 text-ok" strokeWidth={1.5} aria-hidden />
      )}
      <Toast.Content className="flex min-w-0 flex-1 flex-col gap-0.5">
        <Toast.Title className="text-sm font-medium" />
        <Toast.Description className="text-xs text-dim" />
        <Toast.Action className="mt-1 self-start text-xs font-medium text-accent hover:underline empty:hidden" />
      </Toast.Content>
      <Toast.Close
        aria-label="Dismiss"
        className="-mt-0.5 -mr-1 inline-flex size-6 items-center justify-center rounded-control text-dim hover:bg-hover hover:text-text"
      >
        <X className="size-3.5" strokeWidth={1.5} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ));
}
