import { SearchX } from "lucide-react";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/states.tsx";

export default function IncidentNotFound() {
  return (
    <EmptyState
      icon={<SearchX />}
      title="There is no such incident"
      action={<ButtonLink href="/incidents">Open the queue</ButtonLink>}
    >
      Check the number. Incidents are never deleted; one that was merged opens as the incident it
      became part of.
    </EmptyState>
  );
}
