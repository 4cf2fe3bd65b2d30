/** A decision by one lead alone, with the second review that another signed by passkey, in a bundle that both verifiers read. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  giveSecondReviewByPasskey,
  proposeBreakGlass,
  reviewStatement,
  signAlone,
} from "#lib/db/testing-flow.ts";
import { enrolForTest } from "#lib/db/testing-passkeys.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { FAULTS } from "#lib/trail/bundle/faults.ts";
import {
  altered,
  editFile,
  resealed,
  sealedTrail,
  verifyBy,
  type SealedTrail,
} from "./testing-bundle.ts";

const TOOLS = ["node", "sh"] as const;
const MS_MAX = 240_000;

let db: TestDatabase;
let trail: SealedTrail;
let bundle: string;

beforeAll(async () => {
  db = await testDatabase();
  trail = await sealedTrail(db);
  const [nora, max] = await Promise.all([
    makePerson(db, "lead", "Nora"),
    makePerson(db, "lead", "Max"),
  ]);
  const decision = await proposeBreakGlass(db.pools.web, {
    incidentId: trail.incident.id,
    proposer: nora,
  });
  await signAlone({ db, web: db.pools.web }, decision, nora);
  const passkey = await enrolForTest(db.pools.web, { person: max });
  const over = await reviewStatement(db.pools.web, decision, max);
  await giveSecondReviewByPasskey(db.pools.verifier, decision, { by: max, passkey, over });
  await trail.seal();
  bundle = await trail.bundle();
}, MS_MAX);
afterAll(async () => {
  await trail.close();
  await db.close();
});

describe.each(TOOLS)("by verify.%s", (tool) => {
  test(
    "it is checked like a signature of a decision",
    async () => {
      const { exit, output } = await verifyBy(tool, bundle, ["--log-key", trail.logKeyFile]);
      expect(output).toMatch(/every signature by passkey holds over its statement: 3 by passkey/);
      expect(exit).toBe(0);
    },
    MS_MAX,
  );

  test(
    "the whole log holds with it, and so does a part whose checkpoint ends with it",
    async () => {
      for (const scope of [{ kind: "log" }, { kind: "period", from: 0, to: 12 }] as const) {
        const folder = await trail.bundle(scope);
        expect((await verifyBy(tool, folder)).exit).toBe(0);
      }
    },
    MS_MAX,
  );

  const review = /^(.*"secondReview":.*)$/m;
  const edits: [string, (text: string) => string, string][] = [
    ["that says other words", (text) => text.replace(/could not wait/, "could wait"), "else than"],
    [
      "of another outcome",
      (text) => text.replace(/\\"outcome\\":\\"upheld\\"/, '\\"outcome\\":\\"objected\\"'),
      "else than",
    ],
    [
      "with another signature",
      (text) => text.replace(review, (row) => row.replace(/"signature":"M/, '"signature":"N')),
      "not the one that was recorded",
    ],
    [
      "that is not there",
      (text) => text.replace(/^.*"secondReview":.*\n/m, ""),
      "not in the bundle",
    ],
    [
      "over a statement with a blank more",
      (text) => text.replace(/"statement":"\{/, '"statement":"{ '),
      "another statement",
    ],
  ];
  test.each(edits)(
    "a second review %s is found",
    async (_, edit, says) => {
      const folder = await altered(bundle, async (copy) => {
        await editFile(copy, "signoffs.jsonl", edit);
        await resealed(copy, trail.key);
      });
      const { exit, output } = await verifyBy(tool, folder);
      expect(output).toContain(says);
      expect(exit).toBe(FAULTS.sign_off.exit);
    },
    MS_MAX,
  );

  test(
    "with names left out it is told as withheld",
    async () => {
      const folder = await trail.bundle(undefined, { names: true, payloads: true });
      const { exit, output } = await verifyBy(tool, folder);
      expect(output).toMatch(/holds over its statement: 0 by passkey/);
      expect(exit).toBe(0);
    },
    MS_MAX,
  );
});
