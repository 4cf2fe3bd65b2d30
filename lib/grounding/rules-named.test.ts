import { expect, test } from "vitest";
import { alert, at, fixture, type FixtureRecord, shell } from "./rules-fixtures.ts";
import { summarise, told } from "./rules-testing.ts";

test("whom and what high alerts name is told, also where the alerts are only counted", () => {
  const given = Array.from({ length: 9 }, (_, n) =>
    alert(`02:0${n}:00`, {
      "process.name": "rclone.exe",
      "file.path": ["C:\\Temp\\out.7z"],
      host: `SRV-${n}`,
      user: n < 8 ? "asmith" : "b.jones",
    }),
  );
  const texts = told("indicator", given);
  expect(texts).toContain("The log contains the process rclone.exe in 9 alerts.");
  expect(texts).toContain('The log contains the file "C:\\Temp\\out.7z" in 9 alerts.');
  expect(texts).toContain("The log contains the host SRV-8 in 1 alert.");
  for (const n of given.keys()) {
    const claims = summarise(fixture(given)).filter((c) => new RegExp(`SRV-${n}\\b`).test(c.text));
    expect(claims.length).toBeGreaterThan(0);
  }
});

test("what another sentence names is not told again, and low alerts name nothing", () => {
  const low = {
    ...alert("02:00:00", { "file.name": "b.exe", severity: "low" }),
    severity: "low" as const,
  };
  const texts = told("indicator", [alert("02:00:00", { "process.name": "a.exe" }), low]);
  expect(texts.filter((text) => text.includes("alert."))).toEqual([
    "The log contains the process a.exe in 1 alert.",
  ]);
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
