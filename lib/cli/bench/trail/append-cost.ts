/** What a command pays for its entry: the same command on two databases, in one of which an append does nothing. */
import { createHash } from "node:crypto";
import { setVerdict } from "#lib/commands/set-verdict.ts";
import { SEVERITY_RANK } from "#lib/domain/incident/severity.ts";
import { createClient, type Db } from "#lib/db/prisma.ts";
import { adminQuery } from "#lib/db/testing.ts";
import { ownerUrl } from "#lib/db/provision.ts";
import { enrolPerson } from "#lib/db/seed-people.ts";
import { percentile, round, told, type Figure } from "../../figures.ts";
import type { ScratchDatabase, ScratchServer } from "../../scratch-database.ts";
import { processorMs } from "./processor-time.ts";

const LIMIT_MS = 1;
const WARM = 50;
const NO_APPEND = `create or replace function trail.append(p_kind text, p_actor text, p_incident uuid, p_payload text)
  returns bigint language sql security definer set search_path = pg_catalog, pg_temp as 'select 0::bigint'`;

/** `n` times on each, in turn; one connection each, as nothing is asked of it but this. */
export async function benchAppend(server: ScratchServer, n: number): Promise<Figure[]> {
  const [real, bare] = [await server.database("append"), await server.database("no_append")];
  const desks: Desk[] = [];
  try {
    await adminQuery(bare.adminUrl, NO_APPEND);
    const [withEntry, without] = [await openDesk(real), await openDesk(bare)];
    desks.push(withEntry, without);
    for (let time = 0; time < WARM + n; time += 1) {
      if (time === WARM) for (const desk of desks) begin(desk);
      await once(withEntry);
      await once(without);
    }
    return figuresOf(withEntry, without);
  } finally {
    await Promise.all(desks.map(({ db }) => db.$disconnect()));
    await Promise.all([real.close(), bare.close()]);
  }
}

type Desk = {
  db: Db;
  /** The process of the one connection. */
  pid: number;
  incidentId: string;
  personId: string;
  took: number[];
  usedMs: number | null;
  verdict: boolean;
};

async function openDesk({ webUrl, adminUrl }: ScratchDatabase): Promise<Desk> {
  const owner = createClient(ownerUrl(adminUrl), 1);
  const db = createClient(webUrl, 1);
  try {
    const person = { email: "ana@example.test", name: "Ana", role: "analyst" } as const;
    const personId = await enrolPerson(owner, { ...person, password: "of no use to anybody" });
    const nothing = createHash("sha256").digest();
    const { id: incidentId } = await db.incident.create({
      data: {
        ...{ title: "To be measured", severity: "high", severityRank: SEVERITY_RANK.high },
        ...{ slaDueAt: new Date(), evidenceRoot: nothing, claimsHash: nothing },
      },
    });
    const [row] = await db.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    return { db, pid: row!.pid, incidentId, personId, took: [], usedMs: null, verdict: false };
  } finally {
    await owner.$disconnect();
  }
}

function begin(desk: Desk): void {
  desk.took = [];
  desk.usedMs = processorMs([desk.pid]);
}

async function once(desk: Desk): Promise<void> {
  const { db, incidentId, personId } = desk;
  desk.verdict = !desk.verdict;
  const by = { kind: "person", session: null, id: personId, role: "analyst" } as const;
  const startedAt = performance.now();
  await setVerdict(db, { incidentId, verdict: desk.verdict ? "true_positive" : null }, by);
  desk.took.push(performance.now() - startedAt);
}

function figuresOf(withEntry: Desk, without: Desk): Figure[] {
  const n = withEntry.took.length;
  const [whole, bare] = [withEntry, without].map(({ took }) => percentile(took, 0.5)) as [
    number,
    number,
  ];
  const [used, usedBare] = [usedBy(withEntry), usedBy(without)];
  const cost = whole - bare;
  const command = "a verdict set or taken back";
  return [
    told("append.with", round(whole), n, `${command}, with its entry; median`, "ms"),
    told("append.without", round(bare), n, "the same with an append that does nothing", "ms"),
    {
      ...told("append.cost", round(cost), n, "the difference of these two", "ms"),
      ...{ target: `<= ${LIMIT_MS} ms`, holds: cost <= LIMIT_MS },
    },
    ...(used === null || usedBare === null
      ? []
      : [
          told(
            "append.cpu",
            round(used - usedBare),
            n,
            `of the database's processor time; with it ${round(used)}, without ${round(usedBare)}`,
            "ms",
          ),
        ]),
  ];
}

/** Processor time in ms that each command took of the one backend, of the whole command. */
function usedBy({ pid, usedMs, took }: Desk): number | null {
  const now = processorMs([pid]);
  return now === null || usedMs === null ? null : (now - usedMs) / took.length;
}
