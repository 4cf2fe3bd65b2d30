import type { ReactNode } from "react";

type Props = { title: string; note?: string; children: ReactNode };

/** A part of a long form: its name at the side, its fields under one another. */
export function Section({ title, note, children }: Props) {
  return (
    <section className="grid gap-x-8 gap-y-3 border-t py-5 md:grid-cols-[200px_1fr]">
      <div className="flex flex-col gap-1">
        <h2 className="font-semibold">{title}</h2>
        {note ? <p className="text-xs text-dim">{note}</p> : null}
      </div>
      <div className="flex min-w-0 flex-col gap-3.5">{children}</div>
    </section>
  );
}

/** Said at the foot, since the fields may be out of sight; null when nothing is wrong. */
export function needsALook(errors: Record<string, string | undefined>): string[] | null {
  const count = Object.values(errors).filter(Boolean).length;
  if (count === 0) return null;
  return [`Nothing was saved: ${count === 1 ? "one field needs" : `${count} fields need`} a look.`];
}
