import { randomUUID } from "node:crypto";
import { CONTENTS, propose, type ProposalRow } from "#lib/db/testing-gate.ts";
import { makeIncident, makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import { openProposal, type World } from "#lib/db/testing-world.ts";
import type { ActionName, Place, ProductWeb } from "../drill/product-web.ts";

export const HTTP_WHO = ["ana", "bo", "lea", "aud", "adm", "left", "risen", "guesser"] as const;
export type HttpWho = (typeof HTTP_WHO)[number];

/** People signed in at the product's own door, and decisions in every state that an attack wants. */
export type HttpDesk = {
  world: World;
  web: ProductWeb;
  people: Record<HttpWho, TestPerson>;
  cookies: Record<HttpWho, string>;
  /** An open escalation that nobody has attacked yet, proposed by ana. */
  open: () => ProposalRow;
  containment: ProposalRow;
  withdrawn: ProposalRow;
  stale: ProposalRow;
  /** An incident without a summary or a decision. */
  bare: string;
};

const OPEN = 80;

export async function httpDesk(world: World, web: ProductWeb): Promise<HttpDesk> {
  const [left, risen, guesser] = await Promise.all(
    ["left", "risen", "guesser"].map((name) => makePerson(world.db, "analyst", name)),
  );
  const { ana, bo, lea, aud, adm } = world;
  const people = { ana, bo, lea, aud, adm, left: left!, risen: risen!, guesser: guesser! };
  const cookies = {} as Record<HttpWho, string>;
  for (const who of HTTP_WHO) cookies[who] = await web.signIn(people[who]);
  await world.owner.query("update person set active = false where id = $1", [people.left.id]);
  await world.owner.query("update person set role = 'lead' where id = $1", [people.risen.id]);
  const opened: ProposalRow[] = [];
  for (let n = 0; n < OPEN; n += 1) opened.push(await openProposal(world, "escalation"));
  const [withdrawn, stale] = [
    await openProposal(world, "escalation"),
    await openProposal(world, "escalation"),
  ];
  await world.web.query("select gate.withdraw_decision($1, $2)", [withdrawn.id, ana.id]);
  await world.web.query("update incident set verdict = 'benign' where id = $1", [stale.incidentId]);
  const containment = await openProposal(world, "containment");
  const { id: bare } = await makeIncident(world.db);
  const open = () => {
    const next = opened.pop();
    if (!next) throw new Error("The proof has no open decision left.");
    return next;
  };
  return { world, web, people, cookies, open, containment, withdrawn, stale, bare };
}

/** What nobody may change by asking: how many of each there are. */
export async function effectsOf({ world }: HttpDesk): Promise<string> {
  const { rows } = await world.owner.query<{ all: string }>(`select concat_ws(' ',
    (select count(*) from transition), (select count(*) from sign_off), (select sum(version - 1) from incident),
    (select count(*) from decision where state = 'in_effect'), (select count(*) from response_run)) as all`);
  return rows[0]!.all;
}

type Ask = { as: HttpWho | null; cookie?: string; of: Place };

/** Calls an action as one of the people would from their browser. */
export function ask(desk: HttpDesk, name: ActionName, input: object, { as, cookie, of }: Ask) {
  const known = as === null ? null : desk.cookies[as];
  return desk.web.send(desk.web.call(name, input, cookie ?? known, of));
}

export function signatureOf(
  desk: HttpDesk,
  decision: ProposalRow,
  as: HttpWho,
  change: object = {},
): object {
  return {
    decisionId: decision.id,
    statementSha256: decision.sha256.toString("hex"),
    password: desk.people[as].password,
    reason: null,
    ...change,
  };
}

export function proposalOf(incidentId: string, change: object = {}): object {
  const content = CONTENTS.escalation;
  return {
    incidentId,
    content: { ...content, reason: "Hands on keyboard, beyond our reach." },
    waivedClaimIds: [],
    idem: randomUUID(),
    ...change,
  };
}

/** An escalation of an incident of its own by ana, through SQL; gives what a form of it was sent with. */
export async function usedForm({ world }: HttpDesk): Promise<{ incidentId: string; idem: string }> {
  const { id: incidentId } = await makeIncident(world.db);
  const idem = randomUUID();
  await propose(world.web, {
    incidentId,
    proposer: world.ana,
    kind: "escalation",
    forged: { idem },
  });
  return { incidentId, idem };
}
