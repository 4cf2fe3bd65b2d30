import { expect, test } from "vitest";
import { alert, at, fixture, type FixtureRecord, shell } from "./rules-fixtures.ts";
import { summarise, told } from "./rules-testing.ts";

const named = (given: FixtureRecord[]) => told("indicator", given);

test("whom and what a high alert names is told, also where its alerts are only counted", () => {
  const where = { "process.name": "rclone.exe", "file.path": ["C:\\Temp\\out.7z"] };
  const given = [
    alert("02:00:00", { ...where, user: "asmith", host: "WS-014" }),
    alert("02:01:00", { ...where, user: "b.jones", host: "SRV-2" }),
  ];
  expect(told("first_alert", given)).toEqual([expect.stringContaining("on WS-014")]);
  expect(named(given).toSorted()).toEqual([
    'The log contains the file "C:\\Temp\\out.7z" in 2 alerts.',
    "The log contains the host SRV-2 in 1 alert.",
    "The log contains the process rclone.exe in 2 alerts.",
    "The log contains the user asmith in 1 alert.",
    "The log contains the user b.jones in 1 alert.",
  ]);
});

test("what another sentence names is not told again, and low alerts name nothing", () => {
  const low = { ...alert("02:00:00", { user: "c.lee" }), severity: "low" as const };
  const texts = named([
    alert("02:00:00", { user: "asmith" }),
    { ...low, fields: { ...low.fields, severity: "low" } },
  ]);
  expect(texts).toEqual([]);
});

test("a source that gives folder and name apart is quoted by the name", () => {
  const given = alert("02:00:00", { "file.path": ["C:\\Windows\\System32\\hid.dll"] });
  const raw =
    '{"title":"Credential dumping","severity":"high","File":{"Directory":"C:\\\\Windows\\\\System32","Name":"hid.dll"},"host":"WS-014","time":"2026-03-01T02:00:00Z"}';
  const claim = summarise(fixture([{ ...given, raw }])).find((c) => c.text.includes("hid.dll"));
  expect(claim?.citations).toEqual([{ id: "E1", quote: '"Name":"hid.dll"' }]);
});

test("a name at the end of a long path is quoted, not the beginning of the path", () => {
  const path = `C:\\Program Files\\WindowsApps\\${"Vendor.Product_10.0.1".repeat(5)}\\Calculator.exe`;
  const child: FixtureRecord = {
    ...shell,
    time: at("02:14:09"),
    fields: { ...shell.fields, "process.name": "Calculator.exe", "process.path": path },
  };
  const claims = summarise(fixture([child])).filter((c) => c.family === "process_chain");
  expect(claims.map((c) => c.citations[0]?.quote)).toEqual(['"process.name":"Calculator.exe"']);
});
