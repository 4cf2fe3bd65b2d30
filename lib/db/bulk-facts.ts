import { requirementFrom } from "#lib/domain/decision/policy.ts";
import type { Requirement, RequirementWords } from "#lib/domain/decision/policy.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Db, Tx } from "./prisma.ts";

export type TogetherNow = {
  policy: Requirement | null;
  /** Those that nobody may close alone. */
  notAlone: ReadonlySet<string>;
  /** The highest first. */
  severities: Severity[];
  types: string[];
};

type Row = {
  answer: {
    rule: RequirementWords | null;
    severities: Severity[] | null;
    types: string[];
    notAlone: string[];
  };
};

/** What closing these together needs now, as the database will see it when it is proposed. */
export async function requirementTogether(
  db: Db | Tx,
  incidentIds: readonly string[],
): Promise<TogetherNow> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT gate.requirement_together(${incidentIds}::uuid[]) AS answer`;
  const { rule = null, severities = null, types = [], notAlone = [] } = row?.answer ?? {};
  return {
    policy: rule && requirementFrom("closure", rule),
    notAlone: new Set(notAlone),
    severities: severities ?? [],
    types,
  };
}
