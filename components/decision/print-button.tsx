"use client";

import { Printer } from "lucide-react";
import { Button } from "#components/ui/button.tsx";

export function PrintButton() {
  return (
    <Button
      icon={<Printer className="size-3.5" strokeWidth={1.5} aria-hidden />}
      onClick={() => window.print()}
    >
      Print
    </Button>
  );
}
