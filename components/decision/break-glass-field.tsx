"use client";

import { Siren } from "lucide-react";
import { CheckField } from "#components/ui/field.tsx";

/** A lead's way to decide alone where nobody else can sign in time; what follows from it is said before it is chosen. */
export function BreakGlassField({
  on,
  onChange,
}: {
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <div className="rounded-control border border-danger/40 bg-danger/8 px-2.5 py-2">
      <CheckField
        checked={on}
        onChange={onChange}
        label={
          <span className="inline-flex items-center gap-1.5 font-medium text-danger">
            <Siren className="size-4" strokeWidth={1.5} aria-hidden />
            Break-glass: sign it alone
          </span>
        }
        hint="Only when nobody else can sign in time. You sign with a passkey, the reason says why, it is marked everywhere, and another lead reviews it within 24 hours."
      />
    </div>
  );
}
