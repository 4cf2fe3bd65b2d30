import { expect, test } from "vitest";
import { aboutOf } from "./about.ts";

const ID = "019a0000-0000-7000-8000-000000000001";

test.each([
  ["decision.signed", "INC-000007", { decision: ID }, `/incidents/INC-000007/decisions/${ID}`],
  ["evidence.read", "INC-000007", { evidenceId: ID }, `/incidents/INC-000007?record=${ID}`],
  ["model_run.started", "INC-000007", { run: ID }, `/runs/${ID}`],
  ["response.dispatched", "INC-000007", { run: ID }, "/incidents/INC-000007"],
  ["note.added", "INC-000007", null, "/incidents/INC-000007"],
  ["policy.automation_stopped", null, {}, "/automation"],
  ["policy.published", null, { version: 2 }, "/settings/policy"],
  ["decision.signed", "INC-000007", { decision: "../../sign-out" }, "/incidents/INC-000007"],
  ["session.opened", null, {}, null],
])("%s of %s leads to its own place", (kind, incident, payload, href) => {
  expect(aboutOf({ kind, incident, payload })?.href ?? null).toBe(href);
});
