import Link from "next/link";
import { ButtonLink } from "#components/ui/button.tsx";
import { may } from "#lib/domain/people/permissions.ts";
import type { Role } from "#lib/domain/people/permissions.ts";

type Incident = { id: string; number: string };

/** An incident's number; it leads there for who may read incidents. */
export function IncidentLink({ incident, role }: { incident: Incident; role: Role }) {
  if (!may(role, "incident:read")) return <span className="record">{incident.number}</span>;
  return (
    <Link
      href={`/incidents/${incident.id}`}
      className="record text-accent underline-offset-2 hover:underline"
    >
      {incident.number}
    </Link>
  );
}

type PagesProps = {
  label: string;
  asked: { incident?: string };
  param: "cursor" | "holdCursor";
  isFirst: boolean;
  next: string | null;
};

/** To the newest and the older of a list; the filter stays. */
export function Pages({ label, asked, param, isFirst, next }: PagesProps) {
  if (isFirst && !next) return null;
  const filter: Record<string, string> = asked.incident ? { incident: asked.incident } : {};
  const at = (more: Record<string, string>) =>
    `/retention?${new URLSearchParams({ ...filter, ...more }).toString()}`;
  return (
    <nav aria-label={label} className="flex gap-2">
      {isFirst ? null : <ButtonLink href={at({})}>Newest</ButtonLink>}
      {next ? <ButtonLink href={at({ [param]: next })}>Older</ButtonLink> : null}
    </nav>
  );
}
