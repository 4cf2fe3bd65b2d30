import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SecondReviews } from "#components/decision/second-reviews.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { secondReviewsQuery } from "#lib/contracts/second-review-inputs.ts";
import type { SecondReviewPage } from "#lib/contracts/second-review-views.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { listSecondReviews } from "#lib/queries/list-second-reviews.ts";
import type { SecondReviewFilter } from "#lib/queries/list-second-reviews.ts";

export const metadata: Metadata = { title: "Second reviews" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const PAGE = 50;

/** What was decided by break-glass, and what other leads say to it. */
export default async function SecondReviewsPage({ searchParams }: SearchProps) {
  const person = await requirePerson("second_review:read");
  const { state, cursor = null } = secondReviewsQuery.parse(await searchParams);
  const page = await readReviews({ state, cursor, limit: PAGE });
  const { id, name, role } = person;
  return (
    <SecondReviews {...page} person={{ id, name, role }} state={state} isFirst={cursor === null} />
  );
}

async function readReviews(filter: SecondReviewFilter): Promise<SecondReviewPage> {
  try {
    return await listSecondReviews(db(), filter);
  } catch (error) {
    if (isProblem(error) && error.code === "cursor_invalid") redirect("/second-reviews");
    throw error;
  }
}
