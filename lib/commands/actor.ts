import type { Role } from "#lib/domain/people/permissions.ts";

/** Who does it: `person:<uuid>`, `source:<uuid>`, `model:<id>` or `system:<process>` on the trail. */
export type Actor = {
  id: string;
  kind: "person" | "source" | "model" | "system";
  role?: Role;
};

export function actorText({ kind, id }: Actor): string {
  if (kind !== "system") return `${kind}:${id}`;
  return `system:${id
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .slice(0, 100)}`;
}
