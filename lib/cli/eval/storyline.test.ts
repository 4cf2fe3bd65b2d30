import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { storylineCoverage } from "./storyline.ts";

const folder = mkdtempSync(join(tmpdir(), "countersign-story-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, lines: string[]): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), gzipSync(lines.join("\n")));
}

test("a step is touched by a claim about what its record names, in syslog, access log and JSON alike", () => {
  const agent = (name: string) =>
    `10.0.0.8 - - [13/May/2024:13:00:04 +0000] "GET /login HTTP/1.1" 200 12 "-" "${name}"`;
  write("web/access.log.gz", [agent("curl"), agent('said "step one"')]);
  write("log/syslog.log.gz", [
    "<30>1 2024-05-13T13:00:42.839431Z LOG-1 sshd 24427 - - step two: a line",
    "a line of no known shape: step four",
  ]);
  write("zeek/dns.json.gz", [
    '{"ts":1715605210.26,"id.orig_h":"10.0.0.8","query":"step-three.example"}',
  ]);
  const steps = ['said "step one"', "step two", "step-three", "step four", "step nowhere"];
  const truth = {
    storyline_steps: steps.map((id) => ({ storyline_id: id })),
    events: steps.map((id) => ({ storyline_id: id, attributes: { rendered_value: id } })),
  };
  writeFileSync(join(folder, "GROUND_TRUTH.json"), JSON.stringify(truth));
  expect(storylineCoverage(folder)).toMatchObject({ records: 5, steps: 5, touched: 3 });
});
