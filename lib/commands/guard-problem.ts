import { databaseMessage, sqlState } from "#lib/db/transaction.ts";
import { Problem } from "#lib/domain/problem.ts";

type GuardProblem = { code: string; status: number; publicMessage: string };

/** What each guard of the database says to people (schema `gate`, docs/decisions). */
const GUARD_PROBLEMS: Record<string, GuardProblem> = {
  G0: {
    code: "policy_missing",
    status: 403,
    publicMessage: "No rule of the policy allows this kind of decision.",
  },
  G1: { code: "not_open", status: 409, publicMessage: "The decision is not open any more." },
  G2: { code: "person_inactive", status: 403, publicMessage: "Your account is not active." },
  G3: { code: "role_too_low", status: 403, publicMessage: "Your role may not do this." },
  G4: {
    code: "signer_is_proposer",
    status: 403,
    publicMessage: "You proposed this, or the incident is yours; another person must sign it.",
  },
  G5: {
    code: "statement_changed",
    status: 409,
    publicMessage: "What you were shown is not what would be signed; read the statement again.",
  },
  G9: {
    code: "sign_off_missing",
    status: 403,
    publicMessage: "This change needs a signed decision.",
  },
  G10: { code: "not_found", status: 404, publicMessage: "There is no such thing to change." },
  G11: {
    code: "stale",
    status: 409,
    publicMessage: "The incident changed meanwhile; look again and propose on what stands now.",
  },
  G12: { code: "not_open", status: 409, publicMessage: "The decision was rejected." },
  G13: {
    code: "sign_offs_missing",
    status: 409,
    publicMessage: "There are not enough valid signatures yet.",
  },
  G14: {
    code: "move_illegal",
    status: 409,
    publicMessage: "The incident cannot make this move as it stands.",
  },
  G16: {
    code: "evaluation_missing",
    status: 409,
    publicMessage:
      "A model goes live with a finished evaluation of it on record; evaluate this version first.",
  },
  G17: {
    code: "run_move_illegal",
    status: 409,
    publicMessage: "This request to the model cannot do that as it stands.",
  },
  G18: {
    code: "run_event_illegal",
    status: 409,
    publicMessage: "This request to the model has ended.",
  },
  G19: {
    code: "evaluation_move_illegal",
    status: 409,
    publicMessage: "This evaluation cannot do that as it stands.",
  },
  G20: {
    code: "reservation_missing",
    status: 409,
    publicMessage: "A request to a model holds back what it may cost.",
  },
  G21: {
    code: "claim_of_model_not_found",
    status: 404,
    publicMessage: "There is no such claim of a model.",
  },
  G30: {
    code: "automation_no_rule",
    status: 403,
    publicMessage: "No rule in force lets this run by itself.",
  },
  G31: {
    code: "automation_no_target",
    status: 409,
    publicMessage:
      "This does not reach exactly one system of an open incident, as its evidence stands.",
  },
  G32: {
    code: "automation_done",
    status: 409,
    publicMessage: "This is done, or in people's hands.",
  },
  G33: { code: "automation_stopped", status: 409, publicMessage: "Automation is stopped here." },
  G34: {
    code: "automation_limit",
    status: 409,
    publicMessage: "As many as the hour allows have run by themselves.",
  },
  G35: {
    code: "automation_forged",
    status: 403,
    publicMessage: "What runs by itself, and why, is the gate's own to say.",
  },
  G36: {
    code: "legal_hold",
    status: 409,
    publicMessage: "A legal hold stands; nothing is erased until it is lifted.",
  },
  G27: {
    code: "responder_conflict",
    status: 409,
    publicMessage:
      "Another responder serves one of these actions, or what you saw is no longer in force; look again.",
  },
};

/** G22 guards what a decision rests on: its summary, and what its signer has opened of the evidence. */
const CONDITION_PROBLEMS: [says: RegExp, problem: GuardProblem][] = [
  [
    /has not opened the evidence/,
    {
      code: "evidence_not_opened",
      status: 409,
      publicMessage:
        "The policy asks a signer to open what the claims cite, and you have not opened all of it. Nothing was signed.",
    },
  ],
  [
    /neither settled nor waived/,
    {
      code: "claims_unsettled",
      status: 409,
      publicMessage:
        "A claim that the evidence does not bear out is neither settled nor waived by name.",
    },
  ],
  [
    /a whole summary/,
    {
      code: "summary_incomplete",
      status: 409,
      publicMessage: "The policy asks for a whole summary, and the newest one is none.",
    },
  ],
  [
    /./,
    {
      code: "summary_not_fit",
      status: 409,
      publicMessage: "The policy asks more of what this decision rests on.",
    },
  ],
];

const SIGNED_NOTHING = "Nothing was signed.";

/** G6 guards every kind of signature; its sentence says which one, and what is wrong with it. */
const SIGNATURE_PROBLEMS: [says: RegExp, problem: GuardProblem][] = [
  [
    /policy asks for a passkey/,
    {
      code: "passkey_needed",
      status: 403,
      publicMessage: `The policy asks for a passkey here; a password is not enough. ${SIGNED_NOTHING}`,
    },
  ],
  [
    /passkey: another statement/,
    {
      code: "statement_changed",
      status: 409,
      publicMessage: "What you were shown is not what would be signed; read the statement again.",
    },
  ],
  [
    /passkey: it is revoked/,
    {
      code: "passkey_revoked",
      status: 403,
      publicMessage: `This passkey is revoked. ${SIGNED_NOTHING}`,
    },
  ],
  [
    /passkey: it is another person's/,
    {
      code: "passkey_of_another",
      status: 403,
      publicMessage: `This passkey is another person's. ${SIGNED_NOTHING}`,
    },
  ],
  [
    /passkey: its counter/,
    {
      code: "passkey_copied",
      status: 403,
      publicMessage: `This passkey's counter did not go on, as if it had been copied. ${SIGNED_NOTHING} Revoke it and tell an admin.`,
    },
  ],
  [
    /passkey: /,
    {
      code: "passkey_refused",
      status: 403,
      publicMessage: `The passkey's answer does not hold. ${SIGNED_NOTHING}`,
    },
  ],
  [
    /./,
    {
      code: "password_wrong",
      status: 403,
      publicMessage: `That is not your password. ${SIGNED_NOTHING}`,
    },
  ],
];

/** G4 keeps people from what is their own. */
const OWN_PROBLEMS: typeof SIGNATURE_PROBLEMS = [
  [
    /override is the lead's own/,
    {
      code: "override_own",
      status: 403,
      publicMessage: "This is your own; another lead says what to make of it.",
    },
  ],
];

/** Guards that stand for more than one thing, by what their sentence says. */
const BY_SENTENCE: Record<string, typeof SIGNATURE_PROBLEMS> = {
  G4: OWN_PROBLEMS,
  G6: SIGNATURE_PROBLEMS,
  G22: CONDITION_PROBLEMS,
};

function problemOf(guard: string, internal: string): GuardProblem | undefined {
  return BY_SENTENCE[guard]?.find(([says]) => says.test(internal))?.[1] ?? GUARD_PROBLEMS[guard];
}

/** Runs `fn`; a refusal of a database guard comes out as a Problem, anything else as it was. */
export async function withGuards<T>(fn: () => Promise<T>): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    throw guardProblem(error) ?? error;
  }
}

export function guardProblem(error: unknown): Problem | null {
  const state = sqlState(error);
  if (state !== "42501" && state !== "40001") return null;
  const internal = databaseMessage(error);
  const guard = /\b(G\d{1,2}) /.exec(internal)?.[1];
  const known = guard && problemOf(guard, internal);
  if (!guard || !known) return null;
  return new Problem(known.code, known.status, known.publicMessage, { internal, guard });
}
