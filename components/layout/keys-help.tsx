"use client";

import { useId, useState } from "react";
import { Dialog } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { EVERYWHERE } from "#components/ui/keys-list.ts";
import { actsHere } from "#components/ui/use-keys.ts";

type Props = { open: boolean; onOpenChange: (open: boolean) => void };
type Listed = { key: string; shown?: string; what: string };

/** The keys of the screen behind it, and those of every screen. */
export function KeysHelp({ open, onOpenChange }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keys on this screen"
      description="They rest while you type or a dialog is open."
    >
      <Keys />
    </Dialog>
  );
}

function Keys() {
  const [own] = useState(ownKeys);
  return (
    <div className="flex flex-col gap-4">
      {own.length > 0 ? <Group name="On this screen" keys={own} /> : null}
      <Group name="On every screen" keys={EVERYWHERE} />
    </div>
  );
}

function ownKeys(): readonly Listed[] {
  return actsHere().filter(({ key }) => EVERYWHERE.every((each) => each.key !== key));
}

function Group({ name, keys }: { name: string; keys: readonly Listed[] }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-1.5">
      <h3 id={id} className="text-xs text-faint">
        {name}
      </h3>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-1.5">
        {keys.map(({ key, shown, what }) => (
          <div key={key} className="flex items-baseline justify-between gap-3">
            <dt className="text-dim">{what}</dt>
            <dd>
              <Kbd>{shown ?? key}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
