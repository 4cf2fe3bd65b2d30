import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalise } from "./normalise.ts";
import { read } from "./testing.ts";

describe("settings and limits", () => {
  it("recognises a record that does not look like its source's format", () => {
    expect(read({ event_type: "dns", timestamp: "x", src_ip: "10.0.0.1" }, "sentinel").format).toBe(
      "suricata-eve",
    );
    expect(read({ EventID: 1, Channel: "x" }, "generic").format).toBe("generic");
  });
  const refused = (text: string): string => {
    const result = normalise(new TextEncoder().encode(text), "auto");
    return result.ok ? "accepted" : result.reason;
  };
  it.each([
    ["[1]", "not a JSON object but an array"],
    ["null", "not a JSON object but null"],
    ['{"a":', "not valid JSON"],
    [`${'{"a":'.repeat(33)}1${"}".repeat(33)}`, "nested deeper than 32"],
    [`${'{"a":'.repeat(32)}1${"}".repeat(32)}`, "accepted"],
    ['{"a":{"__proto__":{"admin":true}}}', "__proto__"],
    ['{"\\u005f_proto__":1}', "__proto__"],
    [JSON.stringify({ a: "x".repeat(262_145) }), "longer than 262144"],
    [JSON.stringify({ a: "x".repeat(262_144) }), "accepted"],
    [JSON.stringify({ a: "\u00e9".repeat(131_073) }), "longer than 262144"],
  ])("%.40s", (text, reason) => {
    expect(refused(text)).toContain(reason);
  });

  it("never throws, whatever the record", () => {
    const names = [
      "EventID",
      "Channel",
      "Event",
      "System",
      "@odata.type",
      "evidence",
      "Entities",
      "SystemAlertId",
      "class_uid",
      "metadata",
      "event_type",
      "timestamp",
      "src_ip",
      "alert",
      "kibana.alert.uuid",
      "_source",
      "_id",
      "time",
      "kind",
      "EventData",
      "body",
      "winlog",
      "fields",
    ];
    const key = fc.oneof(fc.constantFrom(...names), fc.string());
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.jsonValue({ maxDepth: 0 }),
        fc.constantFrom(
          2004,
          1007,
          "#microsoft.graph.security.alert",
          "Microsoft-Windows-Sysmon",
          "alert",
          "[{}]",
          "2026-03-01",
        ),
      ),
      tree: fc.oneof(
        { depthSize: "small" },
        tie("leaf"),
        fc.dictionary(key, tie("tree"), { maxKeys: 6 }),
        fc.array(tie("tree"), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 8 }), (record) => {
        const result = normalise(new TextEncoder().encode(JSON.stringify(record)), "auto");
        expect(JSON.stringify(result)).not.toContain("\\u0000");
      }),
      { numRuns: 3_000 },
    );
  });
});
