import { ListX } from "lucide-react";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/states.tsx";

export default function NoSuchRun() {
  return (
    <EmptyState
      heading="h1"
      icon={<ListX strokeWidth={1.5} aria-hidden />}
      title="There is no such run"
      action={<ButtonLink href="/runs">Show all runs</ButtonLink>}
    >
      Runs are never deleted, so the address may be incomplete.
    </EmptyState>
  );
}
