"use client";

import { Toast } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect } from "react";
import { cx } from "./cx.ts";
import { hearToasts } from "./toast.ts";

const manager = Toast.createToastManager();

/** The toasts that are on the screen, and the place for those to come. */
export function Toasts() {
  useEffect(() => {
    let stop = () => {};
    // The provider, which is inside, listens to the manager by now; one that nobody listens to keeps nothing.
    const hear = () => {
      stop = hearToasts(manager);
    };
    // Its clock stands still while the window is away, but only if it saw the window go
    if (document.hasFocus()) hear();
    else window.addEventListener("focus", hear, { once: true });
    return () => {
      window.removeEventListener("focus", hear);
      stop();
    };
  }, []);
  return (
    <Toast.Provider toastManager={manager} limit={4}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[340px] max-w-[calc(100vw-32px)] flex-col gap-2">
          <Items />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Items() {
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
        // never under another one, where the primitive would hide it
        aria-hidden={false}
        className="-mt-0.5 -mr-1 inline-flex size-6 items-center justify-center rounded-control text-dim hover:bg-hover hover:text-text"
      >
        <X className="size-3.5" strokeWidth={1.5} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ));
}
