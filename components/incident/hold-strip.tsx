import { Lock } from "lucide-react";
import Link from "next/link";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { StandingHold } from "#lib/contracts/erasure-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { may } from "#lib/domain/people/permissions.ts";

type Props = { head: { number: string }; holds: StandingHold[]; person: PersonView };

/** That a legal hold stands over this incident; nothing when none does. */
export function HoldStrip({ head, holds, person }: Props) {
  const [newest] = holds;
  if (!newest) return null;
  return (
    <section
      aria-label="Legal hold"
      className="flex min-h-8 shrink-0 items-center gap-2.5 border-b border-l-2 border-l-line-strong bg-surface px-3 py-1"
    >
      <Lock className="size-4 shrink-0 text-faint" strokeWidth={1.5} aria-hidden />
      <p className="min-w-0 flex-1 truncate">
        Under legal hold since <RelativeTime at={newest.at} />
        {why(newest, head.number)}
        {holds.length > 1 ? (
          <span className="text-dim">{` and ${holds.length - 1} more`}</span>
        ) : null}
      </p>
      {may(person.role, "retention:read") ? (
        <Link
          href={newest.incident ? `/retention?incident=${newest.incident.number}` : "/retention"}
          className="text-accent underline-offset-2 hover:underline"
        >
          Holds
        </Link>
      ) : null}
    </section>
  );
}

function why({ incident }: StandingHold, number: string): string {
  if (!incident) return ", with everything else";
  return incident.number === number ? "" : `, with ${incident.number}, whose records it shares`;
}
