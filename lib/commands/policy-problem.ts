import { isProblem, Problem } from "#lib/domain/problem.ts";
import { withGuards } from "./guard-problem.ts";

/** What the guards say about a change of the policy, where their usual sentence speaks of a decision. */
const POLICY_PROBLEMS: Record<string, [code: string, status: number, publicMessage: string]> = {
  G1: ["policy_not_open", 409, "This change of the policy is not open any more. Load it again."],
  G4: ["signer_is_proposer", 403, "You signed this already; a second admin must sign it."],
  G11: [
    "stale",
    409,
    "Another policy came in force meanwhile. Begin again from what is in force now.",
  ],
  G13: ["sign_offs_missing", 409, "There are not enough valid signatures yet."],
  G14: [
    "policy_waits",
    409,
    "A weaker policy waits at least 24 hours, and only one waits at a time: withdraw the other first.",
  ],
};

/** Runs `fn`; a refusal of a guard comes out as a Problem about the policy. */
export async function withPolicyGuards<T>(fn: () => Promise<T>): Promise<T> {
  try {
    return await withGuards(fn);
  } catch (error) {
    const guard = isProblem(error) ? error.details["guard"] : null;
    const known = typeof guard === "string" ? POLICY_PROBLEMS[guard] : undefined;
    if (!known) throw error;
    throw new Problem(...known, { internal: (error as Error).message, guard });
  }
}
