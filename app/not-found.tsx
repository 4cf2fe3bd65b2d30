import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/states.tsx";

export default function NotFound() {
  return (
    <main className="flex min-h-[70dvh] items-center">
      <EmptyState
        heading="h1"
        title="There is nothing at this address"
        action={<ButtonLink href="/">Go to the start</ButtonLink>}
      >
        It may have been mistyped, or it is something you may not see.
      </EmptyState>
    </main>
  );
}
