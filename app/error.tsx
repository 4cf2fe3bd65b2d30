"use client";

import { Button } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/states.tsx";

/** A page failed; what was stored is safe, and trying again is. */
export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <main className="flex min-h-[70dvh] items-center">
      <ErrorState
        heading="h1"
        title="This page could not be shown"
        safe="Nothing was changed. Everything stored and signed is as it was."
        reference={error.digest}
        action={<Button onClick={reset}>Try again</Button>}
      />
    </main>
  );
}
