import { seededRandom } from "../drill/wait.ts";
import { say } from "../../progress.ts";
import { ask, type HttpDesk } from "./http-desk.ts";
import { assertionOf, enrolled } from "./passkey-desk.ts";

const PARTS = ["authenticatorData", "clientDataJSON", "signature"] as const;
const SAID_EVERY = 250;

export type Flips = {
  flips: number;
  /** Which ones were taken for signatures. */
  accepted: string[];
  /** Answers that were no refusal of the assertion: a refusal for another reason proves nothing. */
  otherwise: string[];
  /** The same assertion without an altered byte; it must be taken, or the others were refused for something else. */
  wasGood: boolean;
};

const REFUSALS = new Set(["passkey_refused", "statement_changed"]);

/** Sends one good assertion again and again over HTTP, each time with one bit of one byte turned; at last as it is. */
export async function flipBytes(desk: HttpDesk, flips: number): Promise<Flips> {
  const random = seededRandom(flips);
  const over = desk.open();
  const good = assertionOf(await enrolled(desk, "bo"), over);
  const of = { incidentId: over.incidentId, decisionId: over.id };
  const send = (input: object) => ask(desk, "signWithPasskey", input, { as: "bo", of });
  const result: Flips = { flips, accepted: [], otherwise: [], wasGood: false };
  for (let n = 0; n < flips; n += 1) {
    const part = PARTS[n % PARTS.length]!;
    const bytes = Buffer.from(good[part], "base64url");
    const at = Math.floor(random() * bytes.length);
    const bit = Math.floor(random() * 8);
    bytes[at]! ^= 1 << bit;
    const { ok, code } = await send({ ...good, [part]: bytes.toString("base64url") });
    const name = `${part}, byte ${at}, bit ${bit}`;
    if (ok) result.accepted.push(name);
    else if (!REFUSALS.has(code ?? "")) result.otherwise.push(`${name}: ${code}`);
    if ((n + 1) % SAID_EVERY === 0) say(`  flipped: ${n + 1} of ${flips}`);
  }
  result.wasGood = (await send(good)).ok;
  return result;
}
