import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { sampleDataDirectory } from "#lib/env.ts";
import { normalise } from "./normalise.ts";
import { splitBody } from "./split.ts";

const directory = join(sampleDataDirectory() ?? resolve("../shared/data"), "security");
const present = existsSync(join(directory, "MANIFEST.json"));

type Listed = { file: string; count: number };
const FILES: Listed[] = present
  ? (JSON.parse(readFileSync(join(directory, "MANIFEST.json"), "utf8")) as Listed[]).filter(
      ({ file }) => /\.(?:json|ndjson|jsonl)(?:\.gz)?$/.test(file),
    )
  : [];

/** Files whose listed count is of things inside one record, or of nothing. */
const COUNTED_OTHERWISE =
  /^(?:stix|misp|prompt-injection)\/|^quirks\/zero_bytes|labels\.ndjson$|ground-truth\//;

/** 840 events, one of which lost its end, and brackets that belong to none and are refused as a piece of their own. */
const STRAY_BRACKETS = "quirks/cloudtrail_invalid_json_missing_bracket.json";

/** What the files of a folder are, where the format has a name of its own. */
const EXPECTED: [RegExp, string][] = [
  [/^graph-security\//, "graph-security"],
  [/^sentinel-defender-xdr\/Security/, "sentinel"],
  [/^elastic-security\//, "elastic-ecs"],
  [/^ocsf\//, "ocsf"],
  [/^suricata\/.*\.eve\.json$/, "suricata-eve"],
  [/^windows-(?:otrf|evtx|sigma-regression)\/.*(?<!labels\.ndjson)$/, "windows-event"],
  [/^windows-other\/.*T1047/, "windows-event"],
  [/^windows-other\/open-xp\//, "windows-event"],
  [/^aws-cloudtrail\//, "generic"],
];

type Row = {
  file: string;
  listed: number;
  cut: number;
  refused: number;
  formats: string;
  timed: number;
};
const rows: Row[] = [];

describe.skipIf(!present)("every JSON file of the sample data", () => {
  it.each(FILES)(
    "$file",
    ({ file, count }) => {
      const stored = readFileSync(join(directory, file));
      const records = splitBody(file.endsWith(".gz") ? gunzipSync(stored) : stored);
      const formats = new Map<string, number>();
      let refused = 0;
      let timed = 0;
      let unexplained = 0;
      for (const record of records) {
        const result = record.error ? null : normalise(record.bytes, "auto");
        if (!result?.ok) {
          refused++;
          if (!/\w{3,}/.test(record.error ?? (result?.ok === false ? result.reason : "")))
            unexplained++;
          continue;
        }
        const { format, time, title } = result.record;
        formats.set(format, (formats.get(format) ?? 0) + 1);
        if (time !== null) timed++;
        if (title === "") unexplained++;
      }
      rows.push({
        file,
        listed: count,
        cut: records.length,
        refused,
        formats: [...formats].map(([name, n]) => `${name} ${n}`).join(", "),
        timed,
      });
      expect(unexplained).toBe(0);
      const strays = file === STRAY_BRACKETS ? 1 : 0;
      const counted = COUNTED_OTHERWISE.test(file) ? records.length : count + strays;
      expect(records.length).toBe(counted);
      const expected = EXPECTED.find(([path]) => path.test(file))?.[1];
      const recognised = [...formats.keys()];
      expect(recognised).toEqual(expected ? [expected] : recognised);
    },
    60_000,
  );

  it("prints what became of each file", () => {
    const folders = new Map<string, Omit<Row, "file" | "formats"> & { files: number }>();
    for (const row of rows) {
      const name = row.file.split("/", 1)[0] ?? "";
      const sum = folders.get(name) ?? { files: 0, listed: 0, cut: 0, refused: 0, timed: 0 };
      folders.set(name, {
        files: sum.files + 1,
        listed: sum.listed + row.listed,
        cut: sum.cut + row.cut,
        refused: sum.refused + row.refused,
        timed: sum.timed + row.timed,
      });
    }
    print([...folders].map(([file, sum]) => ({ file, ...sum })));
    print(rows.filter((row) => row.refused > 0 || row.cut !== row.listed));
    expect(rows.length).toBe(FILES.length);
  });
});

describe.skipIf(present)("sample data", () => {
  it("is not here: set COUNTERSIGN_DATA_DIR to the folder that holds security/", () => {
    expect(present).toBe(false);
  });
});

function print(table: Record<string, string | number>[]): void {
  const lines = table.map((row) =>
    Object.entries(row)
      .map(([name, value]) => `${name} ${value}`)
      .join("  "),
  );
  process.stdout.write(`\n${lines.join("\n")}\n`);
}
