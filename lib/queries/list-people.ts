import type { Db } from "#lib/db/prisma.ts";
import type { Role } from "#lib/domain/people/permissions.ts";

export type PersonRow = { id: string; name: string; email: string; role: Role; active: boolean };

const PEOPLE_MAX = 1_000;

/** The people of the desk by name; machines left out. */
export async function listPeople(db: Db): Promise<PersonRow[]> {
  const rows = await db.person.findMany({
    where: { human: true },
    select: { id: true, name: true, email: true, role: true, active: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: PEOPLE_MAX,
  });
  return rows.map((row) => ({ ...row, role: row.role as Role }));
}
