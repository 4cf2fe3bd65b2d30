"use client";

import { ErrorState } from "#components/ui/states.tsx";
import { Button } from "#components/ui/button.tsx";
import "./globals.css";

/** The last resort: even the frame failed. */
export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="en" data-theme="dark">
      <body>
        <title>Countersign: something failed</title>
        <main className="flex min-h-dvh items-center">
          <ErrorState
            heading="h1"
            title="Countersign could not be shown"
            safe="Nothing was changed. Everything stored and signed is as it was."
            reference={error.digest}
            action={<Button onClick={reset}>Try again</Button>}
          />
        </main>
      </body>
    </html>
  );
}
