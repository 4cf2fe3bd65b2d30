/** `node web-instance.ts PORT PEOPLE`: one web process that streams runs to these people, to be killed at any moment. */
import { runStream } from "#lib/boundary/run-stream.ts";
import { startTestWeb } from "#lib/boundary/testing-web.ts";
import type { LivePerson } from "#lib/auth/session.ts";
import { createClient } from "#lib/db/prisma.ts";
import { databaseUrl } from "#lib/env.ts";
import { isProblem } from "#lib/domain/problem.ts";

const [port = "0", people = "[]"] = process.argv.slice(2);
const db = createClient(databaseUrl("web"), 4);
const readers = JSON.parse(people) as LivePerson[];

await startTestWeb(async (request, runId) => {
  const after = Number(new URL(request.url).searchParams.get("after"));
  const person = readers[Number(request.headers.get("x-reader") ?? 0)]!;
  const caller = { kind: "person", person } as const;
  try {
    return await runStream(db, caller, { runId, after, signal: request.signal });
  } catch (error) {
    return new Response(null, { status: isProblem(error) ? error.status : 500 });
  }
}, Number(port));
