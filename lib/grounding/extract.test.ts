import { describe, expect, test } from "vitest";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { buildDictionary } from "./dictionary.ts";
import { indexEvidence } from "./evidence-index.ts";
import { extractEntities, readEntities, typeOfValue } from "./extract.ts";
import { techniqueIdsOf } from "./technique-names.ts";

/** "type:as written" of everything found, in order. */
const read = (text: string) =>
  readEntities(text).map((e) => `${e.type}:${text.slice(e.start, e.end)}`);

const GUID = "0a1b2c3d-0000-1111-2222-333344445555";
const SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

describe("each kind of entity, where it stands", () => {
  test.each<[string, string[]]>([
    // addresses
    ["from 10.0.3.17, 2001:db8::1.", ["ip:10.0.3.17", "ip:2001:db8::1"]],
    ["to [fe80::1%eth0]:443", ["ip:fe80::1%eth0", "port:443"]],
    [
      "::ffff:10.0.0.5 in 10.0.0.0/8 or 2001:db8::/32",
      ["ip:::ffff:10.0.0.5", "cidr:10.0.0.0/8", "cidr:2001:db8::/32"],
    ],
    ["10[.]0[.]0[.]5", ["ip:10[.]0[.]0[.]5"]],
    [
      "version 1.2.3.4, v10.0.0.1, Chrome/120.0.0.0",
      ["name:1.2.3.4", "name:v10.0.0.1", "name:120.0.0.0"],
    ],
    ["010.0.0.1 and 999.1.1.1", ["name:010.0.0.1", "name:999.1.1.1"]],
    [
      "aa:bb:cc:dd:ee:ff AA-BB-CC-DD-EE-FF aabb.ccdd.eeff",
      ["mac:aa:bb:cc:dd:ee:ff", "mac:AA-BB-CC-DD-EE-FF", "mac:aabb.ccdd.eeff"],
    ],
    // names on the network
    ["evil.example.com:8443", ["domain:evil.example.com", "port:8443"]],
    ["hxxps[:]//evil[.]com/a?b=1, then", ["url:hxxps[:]//evil[.]com/a?b=1"]],
    ["(see https://a.example.com/x_(y)).", ["url:https://a.example.com/x_(y)"]],
    ["evil.com/path/x.php?id=1", ["url:evil.com/path/x.php?id=1"]],
    ["xn--pypal-4ve.com and b\u00fccher.de", ["domain:xn--pypal-4ve.com", "domain:b\u00fccher.de"]],
    [
      "report.zip, main.rs, data.mov and README.md",
      ["process:report.zip", "process:main.rs", "process:data.mov", "process:README.md"],
    ],
    [
      "the domain update.zip and evil.zip.example.com",
      ["domain:update.zip", "domain:evil.zip.example.com"],
    ],
    ["the host.It stopped; System.Net; e.g. this", []],
    ["John Doe <jdoe@contoso.com>", ["name:John Doe", "email:jdoe@contoso.com"]],
    ["user[at]corp[dot]example", ["email:user[at]corp[dot]example"]],
    // machines and accounts
    ["on WS-014 and ws-014.corp.local", ["host:WS-014", "host:ws-014.corp.local"]],
    ["DC01$, CORP\\DC01$", ["host:DC01$", "host:CORP\\DC01$"]],
    ["hosts alpha, beta and gamma", ["host:alpha", "host:beta", "host:gamma"]],
    ["host=gamma", ["host:gamma"]],
    ["the host is unknown and the server responded", []],
    ["CORP\\asmith, asmith@CORP, .\\bob", ["user:CORP\\asmith", "user:asmith@CORP", "user:.\\bob"]],
    ["users alice, bob and carol", ["user:alice", "user:bob", "user:carol"]],
    ["user clicked a link; user authentication", []],
    ["the svc_backup account, run as SYSTEM", ["user:svc_backup", "user:SYSTEM"]],
    ["NT AUTHORITY\\NETWORK SERVICE", ["user:NT AUTHORITY\\NETWORK SERVICE"]],
    [
      "system:serviceaccount:kube-system:default",
      ["user:system:serviceaccount:kube-system:default"],
    ],
    ["S-1-5-21-1-2-3-500", ["sid:S-1-5-21-1-2-3-500"]],
    // files
    [
      "C:\\Program Files (x86)\\Foo Bar\\a.exe ran",
      ["path:C:\\Program Files (x86)\\Foo Bar\\a.exe"],
    ],
    ["C:\\Users\\bob\\My Report.docx was", ["path:C:\\Users\\bob\\My Report.docx"]],
    ["C:\\Tools on HOST\\asmith", ["path:C:\\Tools", "user:HOST\\asmith"]],
    ['"C:\\Users\\john doe\\x y.txt"', ["path:C:\\Users\\john doe\\x y.txt"]],
    [
      "\\\\fs01\\share\\x, \\\\?\\C:\\a.exe, \\\\.\\pipe\\evil",
      ["path:\\\\fs01\\share\\x", "path:\\\\?\\C:\\a.exe", "path:\\\\.\\pipe\\evil"],
    ],
    ["%APPDATA%\\x.dll, $env:TEMP\\y.ps1", ["path:%APPDATA%\\x.dll", "path:$env:TEMP\\y.ps1"]],
    [
      "C:\\PROGRA~1\\x.dll, System32\\cmd.exe",
      ["path:C:\\PROGRA~1\\x.dll", "path:System32\\cmd.exe"],
    ],
    [
      "/etc/passwd, ~/.ssh/id_rsa, /tmp, ./run.sh",
      ["path:/etc/passwd", "path:~/.ssh/id_rsa", "path:/tmp", "path:./run.sh"],
    ],
    ["TCP/IP, and/or, /add, 24/7", []],
    ["c:\\temp\frmrdvw.txt was", ["path:c:\\temp\frmrdvw.txt"]],
    [
      "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Run",
      ["registry:HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Run"],
    ],
    [
      "HKEY_CURRENT_USER\\X, HKU\\S-1-5-18\\Y, HKLM:\\Z",
      ["registry:HKEY_CURRENT_USER\\X", "registry:HKU\\S-1-5-18\\Y", "registry:HKLM:\\Z"],
    ],
    [
      "SYSTEM\\CurrentControlSet\\Control\\Session Manager on",
      ["registry:SYSTEM\\CurrentControlSet\\Control\\Session Manager"],
    ],
    // processes: image, path, command line
    [
      'winword.exe started C:\\a\\b.exe and "b.exe -enc QQ=="',
      ["process:winword.exe", "path:C:\\a\\b.exe", "quote:b.exe -enc QQ=="],
    ],
    ["bash (pid 20417) ran curl", ["process:bash", "pid:20417", "process:curl"]],
    ["PIDs 4120, 5300 and 0x1A4", ["pid:4120", "pid:5300", "pid:0x1A4"]],
    // numbers that a word types
    [
      "ports 80, 443 and 8080; tcp/3389; 445/tcp",
      ["port:80", "port:443", "port:8080", "port:3389", "port:445"],
    ],
    ["port 445 and 47 failed logons", ["port:445", "count:47"]],
    [
      "event IDs 4624 and 4625, EventID=1; 4624 events",
      ["event_code:4624", "event_code:4625", "event_code:1", "count:4624"],
    ],
    ["logon ID 0x3e7, status 0xC000006D", ["logon_id:0x3e7", "name:0xC000006D"]],
    // identifiers
    [`sha256:${SHA256} {${GUID}}`, [`hash:${SHA256}`, `guid:${GUID}`]],
    ["CVE-2024-1234, TA0002", ["cve:CVE-2024-1234", "tactic_id:TA0002"]],
    [
      "arn:aws:iam::123456789012:user/alice, i-0abcdef1234567890",
      ["cloud:arn:aws:iam::123456789012:user/alice", "cloud:i-0abcdef1234567890"],
    ],
    [
      `/subscriptions/${GUID}/resourceGroups/rg`,
      [`cloud:/subscriptions/${GUID}/resourceGroups/rg`],
    ],
    [
      "projects/my-proj-1/zones/z/instances/vm, s3://bucket/key",
      ["cloud:projects/my-proj-1/zones/z/instances/vm", "cloud:s3://bucket/key"],
    ],
    ["AWS account 123456789012", ["cloud:123456789012"]],
    // ATT&CK
    [
      "T1059.001 (PowerShell), Process Injection (T1055)",
      [
        "technique:T1059.001",
        "technique:PowerShell",
        "technique:Process Injection",
        "technique:T1055",
      ],
    ],
    [
      "the technique Phishing, Scheduled Task/Job",
      ["technique:Phishing", "technique:Scheduled Task/Job"],
    ],
    ["phishing with a scheduled task", []],
    // quotations
    [
      'at `2026-03-01T02:14:07Z` PID `4120` for "5 minutes"',
      ["time:2026-03-01T02:14:07Z", "pid:4120", "duration:5 minutes"],
    ],
    ["the 'Suspicious Logon' alert; users' files and hosts' names", ["quote:Suspicious Logon"]],
  ])("%s", (text, found) => {
    expect(read(text)).toEqual(found);
  });
});

test("an entity's text is the normalised spelling, its place is in the raw text", () => {
  const raw = "to bad\u2011do\u200bmain[.]example now";
  expect(readEntities(raw)).toMatchObject([
    { type: "domain", text: "bad-domain.example", start: 3, end: raw.length - 4 },
  ]);
});

test("a technique's name tells the ids it may stand for, and an id none", () => {
  const [name, id] = readEntities("Process Injection (T1055)");
  expect(name).toMatchObject({ text: "Process Injection", ids: ["T1055"] });
  expect(id).not.toHaveProperty("ids");
  expect(techniqueIdsOf("command and scripting interpreter: powershell")).toEqual(["T1059.001"]);
});

test.each<[string, string | null]>([
  ["10.0.0.5", "ip"],
  ["CORP\\asmith", "user"],
  ["https://a.example/x?y", "url"],
  [`{${GUID}}`, "guid"],
  ["C:\\Users\\john doe\\x y.txt", "path"],
  ["C:\\a\\b.exe -enc QQ==", null],
  ["cmd.exe /c whoami", null],
  ["Suspicious logon", null],
  ["", null],
])("the whole of %s is %s", (value, type) => {
  expect(typeOfValue(value)).toBe(type);
});

describe("the incident's own names come first", () => {
  const fields: EvidenceRecord["fields"] = {
    host: "printer",
    user: "mallory",
    "process.path": "C:\\Odd dir with words\\tool one.exe",
    "dns.question": "update.zip",
    "task.name": "Nightly Copy",
  };
  const record: EvidenceRecord = {
    id: "r1",
    position: 1,
    kind: "event",
    format: "generic",
    sourceId: "s",
    sourceName: "edr",
    time: null,
    timeQuality: "missing",
    receivedAt: "2026-03-01T03:00:00.000Z",
    severity: null,
    title: "",
    fields,
  };
  const dictionary = buildDictionary(indexEvidence([record]));
  const known = (text: string) =>
    extractEntities(text, dictionary).map((e) => `${e.type}:${e.text}`);

  test("over patterns that see only a part of a name", () => {
    expect(known("It ran C:\\Odd dir with words\\tool one.exe on printer.")).toEqual([
      "path:C:\\Odd dir with words\\tool one.exe",
      "host:printer",
    ]);
  });

  test("over a pattern that takes a domain for a file", () => {
    expect(known("mallory asked for update.zip in Nightly Copy")).toEqual([
      "user:mallory",
      "domain:update.zip",
      "name:Nightly Copy",
    ]);
  });

  test("but not inside a longer form", () => {
    expect(known("https://printer/x and mallory@corp.example")).toEqual([
      "url:https://printer/x",
      "email:mallory@corp.example",
    ]);
  });
});
