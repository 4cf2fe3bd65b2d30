import { BotOff } from "lucide-react";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/states.tsx";

export default function NoSuchModel() {
  return (
    <EmptyState
      heading="h1"
      icon={<BotOff strokeWidth={1.5} aria-hidden />}
      title="There is no such model"
      action={<ButtonLink href="/models">Show all models</ButtonLink>}
    >
      Versions of a profile are never deleted, so the address may be incomplete.
    </EmptyState>
  );
}
