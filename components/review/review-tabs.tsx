import { ButtonLink } from "#components/ui/button.tsx";

const ROOMS = [
  { id: "overrides", name: "Overrides", href: "/review" },
  { id: "trends", name: "Trends", href: "/review/trends" },
] as const;

/** The two halves of the review room. */
export function ReviewTabs({ here }: { here: (typeof ROOMS)[number]["id"] }) {
  return (
    <nav aria-label="Review" className="flex gap-2 pb-3">
      {ROOMS.map(({ id, name, href }) => (
        <ButtonLink
          key={id}
          href={href}
          aria-current={id === here ? "page" : undefined}
          tone={id === here ? "default" : "quiet"}
        >
          {name}
        </ButtonLink>
      ))}
    </nav>
  );
}
