import type { PersonView } from "#lib/contracts/views.ts";
import type { Role } from "#lib/domain/people/permissions.ts";

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export const PERSON_SELECT = { select: { id: true, name: true, role: true } } as const;

export function personView(person: { id: string; name: string; role: string }): PersonView {
  return { id: person.id, name: person.name, role: person.role as Role };
}

/** Text for LIKE: its wildcards stand for themselves. */
export function likePattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

export function iso(time: Date): string;
export function iso(time: Date | null): string | null;
export function iso(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
