import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { RunViewer } from "#components/copilot/run-viewer.tsx";
import { StoredClaims } from "#components/summary/stored-claims.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { RUN_KIND_WORDS } from "#lib/domain/copilot/words.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { textOfAnswer } from "#lib/queries/answer-text.ts";
import { findRun } from "#lib/queries/find-run.ts";
import { runEvents } from "#lib/queries/run-events.ts";

type Props = { params: Promise<{ runId: string }> };

const runOf = cache((runId: string) => findRun(db(), runId));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requirePerson();
  const run = await runOf((await params).runId);
  return { title: run ? `${RUN_KIND_WORDS[run.kind]} run` : "No such run" };
}

/** A run exactly as it was. One of no incident may also be read by those who may see the models. */
export default async function RunPage({ params }: Props) {
  const person = await requirePerson();
  const run = await runOf((await params).runId);
  const mayRead =
    may(person.role, "run:read") || (!run?.incident && may(person.role, "model:read"));
  if (!mayRead) redirect("/forbidden?permission=run:read");
  if (!run) notFound();
  const events = await runEvents(db(), run.id);
  return (
    <RunViewer
      run={run}
      answerText={textOfAnswer(run.response)}
      events={events}
      mayCancel={run.incident !== null && may(person.role, "question:ask")}
      mayRebuild={may(person.role, "run:read")}
      claims={<StoredClaims run={run} />}
    />
  );
}
