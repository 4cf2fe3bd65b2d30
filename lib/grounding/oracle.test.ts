/**
 * Our extractor against ioc-extractor on the same texts. Neither is the truth: the test is that
 * every disagreement has a reason with a name, and that every named reason is still needed.
 */
import fc from "fast-check";
import { extractIOC, type IOC } from "ioc-extractor";
import { describe, expect, test } from "vitest";
import type { Entity, EntityType } from "./entities.ts";
import { readEntities } from "./extract.ts";

const KINDS: [keyof IOC, EntityType][] = [
  ["ipv4s", "ip"],
  ["ipv6s", "ip"],
  ["domains", "domain"],
  ["urls", "url"],
  ["emails", "email"],
  ["md5s", "hash"],
  ["sha1s", "hash"],
  ["sha256s", "hash"],
  ["sha512s", "hash"],
  ["cves", "cve"],
  ["macAddresses", "mac"],
];
const COMPARED = new Set<EntityType>(["ip", "domain", "url", "email", "hash", "cve", "mac"]);

/** What only one of the two found. */
type Difference = { side: "theirs" | "ours"; type: EntityType; value: string };
type Reason = [name: string, (d: Difference, text: string, ours: Entity[]) => boolean];

const bare = (value: string) => value.replace(/[.,;:!?)\]]+$/, "").toLowerCase();
const inside =
  (value: string, types: EntityType[]) => (_: Difference, __: string, ours: Entity[]) =>
    ours.some((e) => types.includes(e.type) && e.text.toLowerCase().includes(value));
const any: EntityType[] = [
  "url",
  "email",
  "path",
  "cloud",
  "cidr",
  "host",
  "registry",
  "user",
  "ip",
  "quote",
];

const REASONS: Reason[] = [
  [
    "theirs keeps the sentence's punctuation",
    (d, _, ours) =>
      d.side === "theirs" &&
      bare(d.value) !== d.value &&
      ours.some((e) => bare(e.text) === bare(d.value)),
  ],
  [
    "ours leaves the sentence's punctuation",
    (d, text) =>
      d.side === "ours" &&
      d.type === "url" &&
      extractIOC(text).urls.some((u) => bare(u) === bare(d.value)),
  ],
  [
    "theirs takes a file's name for a domain",
    (d, _, ours) =>
      d.side === "theirs" &&
      d.type === "domain" &&
      ours.some((e) => e.type === "process" && e.text.toLowerCase().includes(d.value)),
  ],
  [
    "theirs reads a version, or digits of no address, as an address",
    (d, t, ours) => d.side === "theirs" && d.type === "ip" && inside(d.value, ["name"])(d, t, ours),
  ],
  [
    "theirs reads the colons of an ARN as an address",
    (d, _, ours) =>
      d.side === "theirs" && d.value.startsWith("::") && ours.some((e) => e.type === "cloud"),
  ],
  [
    "theirs tells a part of what ours takes whole",
    (d, t, ours) => d.side === "theirs" && inside(bare(d.value), any)(d, t, ours),
  ],
  [
    "theirs cuts a name behind a letter that is not ASCII",
    (d, text) =>
      d.side === "theirs" && new RegExp(`[^\\x00-\\x7f]${RegExp.escape(d.value)}`, "iu").test(text),
  ],
  [
    "theirs takes two sentences or a namespace for a domain",
    (d, text) =>
      d.side === "theirs" &&
      d.type === "domain" &&
      new RegExp(RegExp.escape(d.value), "i").exec(text)?.[0].match(/\.\p{Lu}/u) !== null,
  ],
  [
    "theirs closes half a bracket",
    (d, text) =>
      d.side === "theirs" &&
      /\w\[\.\w|\w\.\]\w/.test(text) &&
      !text.toLowerCase().includes(d.value),
  ],
  [
    "ours knows suffixes that private networks use",
    (d) => d.side === "ours" && /\.(?:local|corp|internal|lan|example|test|onion)$/.test(d.value),
  ],
  ["ours reads internationalised names", (d) => d.side === "ours" && /[^\x00-\x7f]/.test(d.value)],
  [
    "ours makes look-alike letters Latin",
    (d, text) =>
      d.side === "ours" && !text.toLowerCase().includes(d.value) && /[\u0400-\u04ff]/.test(text),
  ],
  [
    "ours reads a URL without a scheme",
    (d) => d.side === "ours" && d.type === "url" && !d.value.includes("://"),
  ],
  [
    "ours reads schemes beside http",
    (d) => d.side === "ours" && /^(?!https?:)[a-z]+:\/\//.test(d.value),
  ],
  [
    "ours reads a URL whose host is short or private",
    (d) =>
      d.side === "ours" &&
      /^https?:\/\/(?:[\w-]+|[\w.-]+\.(?:local|corp|internal|lan|example|test))(?::\d+)?(?:\/|$)/.test(
        d.value,
      ),
  ],
  [
    "ours reads hardware addresses in dotted form",
    (d) => d.side === "ours" && d.type === "mac" && d.value.includes("."),
  ],
  [
    "ours restores [at] between blanks and behind [dot]",
    (d, text) => d.side === "ours" && /\bat\b/i.test(text) && !text.includes(d.value),
  ],
  [
    "ours removes what cannot be seen",
    (d, text) => d.side === "ours" && /[\u200b\u00ad\u2011]/.test(text),
  ],
];

const used = new Set<string>();

function differences(text: string, ours: Entity[]): Difference[] {
  const found = extractIOC(text);
  const theirs = new Map<string, Difference>();
  for (const [key, type] of KINDS) {
    for (const one of found[key]) {
      const value = one.toLowerCase();
      theirs.set(`${type} ${value}`, { side: "theirs", type, value });
    }
  }
  const own = new Map<string, Difference>();
  for (const { type, text: spelled } of ours) {
    const value = spelled.toLowerCase();
    if (COMPARED.has(type)) own.set(`${type} ${value}`, { side: "ours", type, value });
  }
  return [
    ...[...theirs].flatMap(([key, d]) => (own.has(key) ? [] : [d])),
    ...[...own].flatMap(([key, d]) => (theirs.has(key) ? [] : [d])),
  ];
}

/** The differences that no reason explains. */
function unexplained(text: string): string[] {
  const ours = readEntities(text);
  return differences(text, ours).flatMap((d) => {
    const reason = REASONS.find(([, holds]) => holds(d, text, ours));
    if (reason) used.add(reason[0]);
    return reason ? [] : [`${d.side}: ${d.type} ${d.value} in ${JSON.stringify(text)}`];
  });
}

describe("by hand", () => {
  test.each([
    "1.1.1[.]1 google(.)com f6f8179ac71eaabff12b8c024342109b bob[at]example[.]org",
    "hxxp://evil.com/a.php?x=1 and https://sub.evil.co.uk/login. Done",
    "report.zip, script.py, main.rs, data.mov, README.md",
    "version 1.2.3.4, build 10.0.19041.1, Chrome/120.0.0.0, v10.0.0.1",
    "256.1.1.1 and 010.1.1.1",
    "arn:aws:iam::123456789012:role/x",
    "ws-014.corp.local, printer.lan, evil.example",
    "b\u00fccher.de, \u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444, \u4f8b\u3048.jp",
    "p\u0430ypal.com",
    "CVE-2021-44228 and CVE-2020-1472",
    "2001:db8::1, ::1, fe80::1%eth0, ::ffff:10.0.0.5, 2001:db8::/32, 10.0.0.0/8",
    "aa:bb:cc:dd:ee:ff, aa-bb-cc-dd-ee-ff, aabb.ccdd.eeff",
    "http://10.0.0.5:8080/x, ftp://files.example.org/a, evil.com/path/x.php",
    "https://host/.../x.txt and http://intranet.corp/a",
    "a@b.co and x.y+z@sub.example.org, bob [at] corp [dot] com",
    "10.0.0.5:443, evil.com:8443",
    "d41d8cd98f00b204e9800998ecf8427e da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "C:\\Windows\\evil.com\\x.exe, \\\\fs01.example.org\\share, /var/www/example.com/index.php",
    "the host.It stopped; System.Net.WebClient",
    "1.1.1[.1, google.]com",
    "evil\u200b.com and 10.0\u200b.0.5",
  ])("%s", (text) => {
    expect(unexplained(text)).toEqual([]);
  });
});

test("over made-up texts", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const label = fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/);
  const hex = (n: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${n}}$`));
  const ip = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join("."));
  const domain = fc
    .tuple(label, label, fc.constantFrom("com", "net", "org", "co.uk", "corp.local", "example"))
    .map((parts) => parts.join("."));
  const thing = fc.oneof(
    ip,
    domain,
    fc.tuple(domain, label).map(([d, path]) => `https://${d}/${path}`),
    fc.tuple(label, domain).map(([name, d]) => `${name}@${d}`),
    hex(32),
    hex(40),
    hex(64),
    fc.integer({ min: 1000, max: 99_999 }).map((n) => `CVE-2024-${n}`),
    fc.tuple(ip, fc.integer({ min: 1, max: 65_535 })).map(([a, port]) => `${a}:${port}`),
    fc.array(hex(2), { minLength: 6, maxLength: 6 }).map((parts) => parts.join(":")),
    label.map((name) => `${name}.exe`),
    label.map((name) => `C:\\Users\\${name}\\a.txt`),
  );
  const defanged = thing.map((text) => text.replaceAll(".", "[.]").replace("http", "hxxp"));
  const text = fc
    .array(
      fc.tuple(fc.constantFrom("on ", "from ", "and then to ", "("), fc.oneof(thing, defanged)),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map((parts) =>
      parts.map(([word, name]) => `${word}${name}${word === "(" ? ")" : ""}`).join(", "),
    );
  fc.assert(
    fc.property(text, (made) => {
      expect(unexplained(made)).toEqual([]);
    }),
    { numRuns: 800, seed: 20_260_304 },
  );
});

test("every reason is still needed", () => {
  expect(REASONS.map(([name]) => name).filter((name) => !used.has(name))).toEqual([]);
});
