import type { PersonView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Role } from "#lib/domain/people/permissions.ts";

const PEOPLE_MAX = 500;

/** Who can be given an incident: active analysts and leads, by name. */
export async function listAssignable(db: Db): Promise<PersonView[]> {
  const rows = await db.person.findMany({
    where: { human: true, active: true, role: { in: ["analyst", "lead"] } },
    select: { id: true, name: true, role: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: PEOPLE_MAX,
  });
  return rows.map((row) => ({ ...row, role: row.role as Role }));
}
