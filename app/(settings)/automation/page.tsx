import type { Metadata } from "next";
import { Automation } from "#components/settings/automation.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { automationLogQuery } from "#lib/contracts/automation-inputs.ts";
import { automationLog } from "#lib/queries/automation-log.ts";
import { automationPage } from "#lib/queries/automation-page.ts";

export const metadata: Metadata = { title: "Automation" };

export default async function AutomationPage({ searchParams }: PageProps<"/automation">) {
  const { id, name, role } = await requirePerson("automation:read");
  const query = automationLogQuery.safeParse(await searchParams);
  const cursor = (query.success ? query.data.cursor : undefined) ?? null;
  const [page, log] = await Promise.all([automationPage(db()), automationLog(db(), cursor)]);
  return <Automation person={{ id, name, role }} page={page} log={log} isFirst={cursor === null} />;
}
