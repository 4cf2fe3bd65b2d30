"use client";

import type { Toast } from "@base-ui/react/toast";

type ToastOptions = { detail?: string; act?: { label: string; onPress: () => void } };
type Manager = ReturnType<typeof Toast.createToastManager>;

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
let count = 0;

function add(type: "done" | "failed", title: string, { detail, act }: ToastOptions) {
  const id = `toast-${(count += 1)}`;
  const press = () => {
    offers.delete(id);
    withManager((manager) => manager.close(id));
    act?.onPress();
  };
  if (act) offers.set(id, press);
  withManager((manager) =>
    manager.add({
      id,
      type,
      title,
      description: detail,
      priority: type === "failed" ? "high" : "low",
      // What can be undone can be read twice first.
      timeout: act || type === "failed" ? 8000 : 4000,
      onRemove: () => void offers.delete(id),
      actionProps: act ? { children: act.label, onClick: press } : undefined,
    }),
  );
}

let manager: Manager | null = null;
let askForPlace: (() => void) | null = null;
/** What was to be told before there was a place to tell it. */
const unheard: ((manager: Manager) => unknown)[] = [];

function withManager(tell: (manager: Manager) => unknown) {
  if (manager) return void tell(manager);
  unheard.push(tell);
  askForPlace?.();
}

/** Hears what is told, from now and of before; returns how to stop. */
export function hearToasts(by: Manager): () => void {
  manager = by;
  for (const tell of unheard.splice(0)) tell(by);
  return () => {
    manager = null;
  };
}

/** Calls when something is to be told and there is no place for it yet, now or later; returns how to stop. */
export function onToastWithoutPlace(run: () => void): () => void {
  askForPlace = run;
  if (unheard.length > 0) run();
  return () => {
    askForPlace = null;
  };
}
