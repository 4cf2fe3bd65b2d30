import { describe, expect, test } from "vitest";
import type { Predicate } from "#lib/domain/summary/claim.ts";
import { fixture } from "./rules-fixtures.ts";
import { is, p } from "./verify-fixtures.ts";
import { verifyClaims } from "./verify-claim.ts";

const at = (minute: number) => `2026-03-01T02:${minute}:00.000Z`;
const { records, rawText } = fixture([
  {
    time: at(13),
    fields: {
      action: "process_created",
      host: "ws-014",
      user: "jdoe",
      "process.name": "winword.exe",
      "process.guid": "{g-1}",
    },
  },
  {
    time: at(14),
    fields: {
      action: "process_created",
      host: "ws-014",
      user: "jdoe",
      "process.name": "powershell.exe",
      "process.guid": "{g-2}",
      "parent.guid": "{g-1}",
      "parent.name": "winword.exe",
    },
  },
  {
    time: at(25),
    fields: {
      action: "logon",
      outcome: "success",
      host: "dc01",
      user: "asmith",
      "source.ip": "10.0.3.71",
    },
  },
  {
    time: at(30),
    fields: {
      action: "flow",
      host: "ws-014",
      "source.ip": "10.0.3.14",
      "destination.ip": "203.0.113.9",
      "destination.port": 443,
    },
  },
  {
    time: at(40),
    fields: {
      action: "dns_query",
      host: "ws-014",
      "source.ip": "10.0.3.14",
      "dns.question": "cdn.evil.example",
    },
  },
  {
    time: at(50),
    fields: {
      action: "group_member_added",
      host: "dc01",
      user: "asmith",
      "target.user": "mallory",
      "group.name": "Domain Admins",
    },
  },
  {
    time: at(55),
    fields: {
      action: "file_deleted",
      host: "ws-014",
      user: "jdoe",
      "process.name": "powershell.exe",
      "file.name": "a.ps1",
    },
  },
]);

/** Everything a record says, as predicates: whatever the sentence is, its facts are there and true. */
function everything(id: string): Predicate[] {
  const { fields } = records[Number(id.slice(1)) - 1]!;
  return Object.entries(fields).map(([field, value]) => is(id, field, String(value)));
}

function standing(text: string, ...ids: string[]): string {
  const chain = ids.join() === "E1,E2" ? [p("chain", { evidence: ids })] : [];
  const [claim] = verifyClaims(
    [
      {
        text,
        kind: "observation",
        polarity: "affirmed",
        citations: ids.map((id) => ({
          id,
          quote: rawText(records[Number(id.slice(1)) - 1]!.id) ?? "",
        })),
        predicates: [...ids.flatMap(everything), ...chain],
      },
    ],
    { records, rawText, capped: false },
  );
  return claim!.standing;
}

describe("a thing in a place we know, in a field that fits, stands", () => {
  test.each([
    ["winword.exe started powershell.exe on ws-014.", "E1", "E2"],
    ["powershell.exe was started by winword.exe on ws-014.", "E1", "E2"],
    ["On ws-014, powershell.exe was started by winword.exe.", "E1", "E2"],
    ["A successful logon for asmith from 10.0.3.71 on dc01.", "E3"],
    ["asmith logged on to dc01 from 10.0.3.71.", "E3"],
    ["10.0.3.14 connected to 203.0.113.9 on port 443.", "E4"],
    ["Traffic from 10.0.3.14 to 203.0.113.9.", "E4"],
    ["ws-014 queried cdn.evil.example.", "E5"],
    ["A query for cdn.evil.example from ws-014.", "E5"],
    ["asmith added mallory to Domain Admins.", "E6"],
    ["powershell.exe deleted a.ps1 on ws-014.", "E7"],
  ])("%s", (text, ...ids) => {
    expect(standing(text, ...ids)).toBe("supported");
  });
});

describe("true facts in another order make no true sentence", () => {
  test.each([
    ["winword.exe, that powershell.exe started, on ws-014.", "E1", "E2"],
    ["winword.exe on ws-014 of powershell.exe.", "E1", "E2"],
    ["winword.exe ran against powershell.exe.", "E1", "E2"],
    ["A successful logon for dc01 from 10.0.3.71.", "E3"],
    ["asmith logged on from 10.0.3.71 to dc01 and 10.0.3.71.", "E3"],
    ["The same successful logon for asmith on dc01 and 10.0.3.71.", "E3"],
    ["A successful logon for asmith on 10.0.3.71.", "E3"],
    ["10.0.3.14 connected to ws-014.", "E4"],
    ["10.0.3.14 connected to 203.0.113.9, ws-014.", "E4"],
    ["203.0.113.9 traffic was received by 10.0.3.14.", "E4"],
    ["ws-014 queried cdn.evil.example for 10.0.3.14.", "E5"],
    ["ws-014 queried cdn.evil.example at 10.0.3.14.", "E5"],
    ["ws-014 connected to cdn.evil.example.", "E5"],
    ["asmith logged on to dc01; then it connected to 203.0.113.9.", "E3", "E4"],
    ["asmith logged on to dc01. powershell.exe ran there.", "E3", "E2"],
    ["asmith is from 10.0.3.71.", "E3"],
    ["The log says asmith is dc01.", "E3"],
    ["The log names 10.0.3.71 as host.", "E3"],
    ["asmith logged on with dc01.", "E3"],
    ["asmith added mallory to dc01.", "E6"],
    ["asmith added Domain Admins to mallory.", "E6"],
    ["jdoe deleted powershell.exe.", "E7"],
    ["powershell.exe was deleted by jdoe.", "E7"],
  ])("%s", (text, ...ids) => {
    expect(standing(text, ...ids)).not.toBe("supported");
  });
});
