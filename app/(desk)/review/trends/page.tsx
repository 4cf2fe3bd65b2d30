import type { Metadata } from "next";
import { Trends } from "#components/review/trends.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { trendsQuery } from "#lib/contracts/override-inputs.ts";
import { readTrends } from "#lib/queries/review/read-trends.ts";

export const metadata: Metadata = { title: "Trends" };

type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const DAYS = 30;

/** The figures of the review room. */
export default async function TrendsPage({ searchParams }: SearchProps) {
  await requirePerson("review:read");
  const { days } = trendsQuery.parse(await searchParams);
  return <Trends trends={await readTrends(db(), { days: days ?? DAYS })} />;
}
