/** No command without an entry: each file that writes appends one, has the database write it, or says here why not. */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { TrailKind } from "#lib/trail/kinds.ts";

/** Writes through a function or trigger of the database, which writes these entries itself. */
const BY_DATABASE: Record<string, TrailKind[]> = {
  "erase-payloads.ts": [
    "erasure.requested",
    "erasure.refused",
    "erasure.withdrawn",
    "payload.erased",
    "hold.placed",
    "hold.lifted",
  ],
  "act-automatically.ts": ["response.automatic"],
  "activate-model.ts": ["model.activated"],
  "cancel-run.ts": ["run.cancelled"],
  "end-policy.ts": ["policy.refused", "policy.withdrawn"],
  "enrol-passkey.ts": ["passkey.enrolled"],
  "exports/ask-export.ts": ["export.requested", "export.cancelled", "export.downloaded"],
  "exports/move-export.ts": ["export.completed", "export.failed", "export.expired"],
  "file-report.ts": ["report.filed"],
  "give-second-review.ts": ["decision.second_reviewed"],
  "give-second-review-with-passkey.ts": ["decision.second_reviewed"],
  "judge-override.ts": ["report.override_judged"],
  "merge-incident.ts": ["incident.merged", "evidence.sealed"],
  "lift-automation.ts": ["policy.automation_lifted"],
  "propose-bulk-closure.ts": ["decision.proposed", "decision.refused"],
  "propose-decision.ts": ["decision.proposed", "decision.refused"],
  "propose-policy.ts": ["policy.proposed"],
  "publish-automation.ts": ["policy.automation_proposed", "policy.automation_published"],
  "record-export.ts": ["export.downloaded"],
  "record-response.ts": ["response.recorded"],
  "resolve-report.ts": ["report.resolved"],
  "responses/configure-responder.ts": ["responder.configured"],
  "responses/retire-responder.ts": ["responder.retired"],
  "responses/settle-response.ts": ["response.dispatched", "response.failed"],
  "responses/start-attempt.ts": ["response.attempted"],
  "revoke-passkey.ts": ["passkey.revoked"],
  "set-sla.ts": ["policy.clocks_set"],
  "sign-decision.ts": ["decision.signed", "decision.rejected", "decision.took_effect"],
  "sign-policy.ts": ["policy.published"],
  "sign-with-passkey.ts": ["decision.signed", "decision.took_effect"],
  "split-incident.ts": ["incident.split", "incident.opened", "evidence.sealed"],
  "undo-merge.ts": ["incident.unmerged", "evidence.sealed"],
  "undo-split.ts": ["incident.unsplit", "incident.merged", "evidence.sealed"],
  "withdraw-automation.ts": ["policy.automation_withdrawn"],
  "stop-automation.ts": ["policy.automation_stopped"],
  "stop-doubtful.ts": ["policy.automation_stopped"],
  "stop-model.ts": ["model.stopped"],
  "withdraw-decision.ts": ["decision.withdrawn"],
  "write-playbook.ts": ["playbook.written"],
  "work-incident.ts": ["incident.status_changed"],
};

const STEP = "a step of a command, which appends in the same transaction";
/** Writes and leaves no entry of its own. */
const WITHOUT: Record<string, string> = {
  "account-for-claims.ts": STEP,
  "ingest/dead-letters.ts": STEP,
  "ingest/store-observables.ts": STEP,
  "ingest/store-records.ts": STEP,
  "ingest/write-incidents.ts": STEP,
  "lock-incident.ts": STEP,
  "next-attempt.ts": STEP,
  "queue-run.ts": STEP,
  "task-rows.ts": STEP,
  "append-run-events.ts": "the end of the run commits to the whole answer; its pieces do not",
  "queue-summary.ts": "nothing is asked yet: the start of the run has the entry",
  "read-notices.ts": "who has read a hint is theirs alone",
  "open-statement.ts": "a signal that no guard asks for; the signature has its entry",
  "set-training-mode.ts": "who lets others see figures of them is theirs alone",
  "beat-presence.ts": "who has an incident open is no history",
  "set-first-view.ts": "what the queue opens with for somebody is theirs alone",
  "end-tour.ts": "who has seen the tour is theirs alone",
  "set-notice-wish.ts": "how somebody hears of things is theirs alone",
  "watch-incident.ts": "what somebody wants to hear of is theirs alone",
  "take-decision.ts": "a courtesy that the gate does not look at and that runs out",
  "responses/block-list-entries.ts": "the attempt that it is part of has its entries",
  "responses/take-response.ts": "who carries it out; the attempt has its entry",
  "responses/check-response-again.ts": "asks again; what comes of it has an entry",
  "responses/serve-block-list.ts": "when a firewall last fetched; what it is served has entries",
  "responses/request-responder-test.ts": "a dry run that changes nothing in any system",
  "responses/end-responder-test.ts": "what came of that dry run, beside its question",
  "ingest/find-candidates.ts": "reads; names a guard in a comment",
  "sign-key-of.ts": "reads",
};

const ROOT = "lib/commands";
const WRITES =
  /\btransact(?:Once)?\(|\$executeRaw|\.(?:create|update|upsert|delete)(?:Many|ManyAndReturn)?\(\{|\bgate\.[a-z_]+\b|\bINSERT INTO\b|\bUPDATE [a-z_]+\b|\bDELETE FROM\b/;

const files = globSync("**/*.ts", { cwd: ROOT }).filter(
  (file) => !/\.test\.ts$|-fixtures\.ts$/.test(file),
);
const textOf = (file: string): string => readFileSync(`${ROOT}/${file}`, "utf8");
const writing = files.filter((file) => WRITES.test(textOf(file)));
const appending = writing.filter((file) => /\bappendTrail\(/.test(textOf(file)));

test("there are commands to look at", () => {
  expect(files.length).toBeGreaterThan(70);
  expect(writing.length).toBeGreaterThan(60);
  expect(appending.length).toBeGreaterThan(20);
});

test("every command that writes appends an entry, has one written, or says why not", () => {
  const known = new Set([...appending, ...Object.keys(BY_DATABASE), ...Object.keys(WITHOUT)]);
  expect(writing.filter((file) => !known.has(file))).toEqual([]);
});

test("nothing is listed that is not a command which writes and does not append", () => {
  const silent = writing.filter((file) => !appending.includes(file));
  const listed = [...Object.keys(BY_DATABASE), ...Object.keys(WITHOUT)];
  expect(listed.filter((file) => !silent.includes(file))).toEqual([]);
  expect(new Set(listed).size).toBe(listed.length);
});

test("the database writes every entry that is left to it", () => {
  const sql = globSync("prisma/migrations/*/migration.sql")
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const kinds = new Set(Object.values(BY_DATABASE).flat());
  const unwritten = [...kinds].filter(
    (kind) => !sql.includes(`'${kind}'`) && !sql.includes(`'${kind.split(".")[0]}.' ||`),
  );
  expect(unwritten).toEqual([]);
});
