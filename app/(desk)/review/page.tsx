import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Overrides } from "#components/review/overrides.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { overridesQuery } from "#lib/contracts/override-inputs.ts";
import type { OverrideFilter } from "#lib/contracts/override-inputs.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { listOverrides, overrideChoices } from "#lib/queries/review/list-overrides.ts";

export const metadata: Metadata = { title: "Review" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const PAGE = 30;

/** Where people overruled the model. */
export default async function ReviewPage({ searchParams }: SearchProps) {
  const person = await requirePerson("review:read");
  const { cursor, ...filter } = overridesQuery.parse(await searchParams);
  const [page, choices] = await Promise.all([readPage(filter, cursor), overrideChoices(db())]);
  return (
    <Overrides
      {...page}
      filter={filter}
      choices={choices}
      isFirst={cursor === null}
      reader={{ id: person.id, isLead: may(person.role, "review:judge") }}
    />
  );
}

async function readPage(filter: OverrideFilter, cursor: string | null) {
  try {
    return await listOverrides(db(), { ...filter, cursor, limit: PAGE });
  } catch (error) {
    if (isProblem(error) && error.code === "cursor_invalid") redirect("/review");
    throw error;
  }
}
