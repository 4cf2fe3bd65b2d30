import { enrolForTest, type EnrolledPasskey } from "#lib/db/testing-passkeys.ts";
import type { ProposalRow } from "#lib/db/testing-gate.ts";
import { base64url } from "#lib/signing/passkey.ts";
import { enrolmentChallenge } from "#lib/signing/relying-party.ts";
import { SoftPasskey, type Said } from "#lib/signing/testing-passkey.ts";
import type { ActionAnswer } from "../drill/product-web.ts";
import { ask, type HttpDesk, type HttpWho } from "./http-desk.ts";

/** An authenticator in software for the address of the desk's web process. */
export function newKey({ web }: HttpDesk): SoftPasskey {
  return new SoftPasskey("ES256", web.party);
}

/** A key of this person, enrolled beside the web process. */
export function enrolled(d: HttpDesk, who: HttpWho): Promise<EnrolledPasskey> {
  const enrolling = { person: d.people[who], passkey: newKey(d) };
  return enrolForTest(d.world.web, enrolling) as Promise<EnrolledPasskey>;
}

async function newestSession({ world, people }: HttpDesk, who: HttpWho): Promise<string> {
  const { rows } = await world.owner.query<{ id: string }>(
    "select id from session where person_id = $1 order by created_at desc limit 1",
    [people[who].id],
  );
  return rows[0]!.id;
}

export type Enrolling = {
  as: HttpWho | null;
  /** Whose session and name the key was made for; default: of who asks. */
  madeFor?: HttpWho;
  /** Whose name alone it was made for. */
  inNameOf?: HttpWho;
  key?: SoftPasskey;
  said?: Partial<Said>;
  /** Changes of what is sent. */
  sent?: object;
};

/** Enrols over HTTP as an honest page would, but for what is given. */
export async function enrolOverHttp(d: HttpDesk, given: Enrolling): Promise<ActionAnswer> {
  const who = given.as ?? "bo";
  const personId = d.people[given.inNameOf ?? given.madeFor ?? who].id;
  const sessionId = await newestSession(d, given.madeFor ?? who);
  const made = (given.key ?? newKey(d)).made(
    enrolmentChallenge({ personId, sessionId }),
    given.said,
  );
  const input = { name: "key ring", password: d.people[who].password, made, ...given.sent };
  return ask(d, "enrolPasskey", input, { as: given.as, of: { incidentId: d.bare } });
}

export type Signing = {
  as: HttpWho | null;
  /** Default: one of who asks, enrolled just now. */
  key?: SoftPasskey;
  over?: ProposalRow;
  said?: Partial<Said>;
  /** Changes of what is sent. */
  sent?: object;
};

/** What the page of a decision would send of an assertion by this key. */
export function assertionOf(
  key: SoftPasskey,
  { id, sha256 }: ProposalRow,
  said: Partial<Said> = {},
) {
  const made = key.sign({ statementSha256: sha256, ...said });
  return {
    decisionId: id,
    credentialId: base64url(key.credentialId),
    authenticatorData: base64url(made.authenticatorData),
    clientDataJSON: base64url(made.clientDataJson),
    signature: base64url(made.signature),
    reason: null,
  };
}

/** Signs over HTTP as an honest page would, but for what is given. */
export async function signOverHttp(d: HttpDesk, given: Signing): Promise<ActionAnswer> {
  const { as, over = d.open(), said, sent } = given;
  const key = given.key ?? (await enrolled(d, as ?? "bo"));
  const input = { ...assertionOf(key, over, said), ...sent };
  const of = { incidentId: over.incidentId, decisionId: over.id };
  return ask(d, "signWithPasskey", input, { as, of });
}
