import type { AttackRow, AttackSource } from "./read-attack.ts";

const COLUMNS = 150;
const PAIR_COLUMNS = 96;

/** MITRE's copyright designation, trade marks and licence: any copy of ATT&CK must carry them. */
export function attackNotice(year: string): string[] {
  return [
    `© ${year} The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.`,
    "MITRE ATT&CK and ATT&CK are registered trademarks of The MITRE Corporation.",
    "The MITRE Corporation (MITRE) hereby grants you a non-exclusive, royalty-free license to use ATT&CK® for research, " +
      "development, and commercial purposes. Any copy you make for such purposes is authorized provided that you reproduce " +
      "MITRE's copyright designation and this license in any such copy.",
  ];
}

/** The text of `lib/grounding/attack-techniques.ts`. */
export function techniqueFile(source: AttackSource): string {
  const { version, year, tactics, techniques } = source;
  const [designation = ""] = attackNotice(year);
  const place = new Map(tactics.map(({ shortName }, at) => [shortName, at.toString(36)]));
  const cells = techniques.map((t) => techniqueCell(t, place));
  return `/**
 * MITRE ATT&CK Enterprise ${version}: technique ids, names, tactics and what replaced a revoked one.
 * Facts only; written by \`npm run attack-table\`, not edited by hand.
 *
${noticeComment(year)}
 *
 * Techniques end with a semicolon: id | name | tactics by their place in ATTACK_TACTICS (base 36) |
 * replaced by | x when retired without a successor. The parent of T1059.001 is T1059.
 */

export const ATTACK_VERSION = "${version}";

/** MITRE's copyright designation, for screens that show names of the table. */
export const ATTACK_NOTICE =
  "${designation}";

/** Tactic id, short name and name, in the order of the matrix. */
export const ATTACK_TACTICS = [
${tactics.map(({ id, shortName, name }) => `  ["${id}", "${shortName}", "${name}"],`).join("\n")}
] as const;

export const ATTACK_ROWS = \`
${filled(cells, "", COLUMNS)}
\`;
`;
}

/** The text of `lib/connectors/sources/attack-revoked.ts`. */
export function revokedFile({ version, year, techniques }: AttackSource): string {
  const successors = new Map(techniques.map(({ id, revokedBy }) => [id, revokedBy]));
  const pairs = techniques.flatMap(({ id, revokedBy }) =>
    revokedBy === null ? [] : `${id}>${lastOf(revokedBy, successors)}`,
  );
  return `/**
 * MITRE ATT&CK Enterprise ${version}: revoked technique ids and what replaced them, chains already followed.
 * Public detections still cite the old ids (T1086 is T1059.001 today). Written by \`npm run attack-table\`.
 *
${noticeComment(year)}
 */
const PAIRS = \`
${filled(pairs, " ", PAIR_COLUMNS)}
\`;

/** Old id -> current id. */
export const REVOKED_TECHNIQUES: ReadonlyMap<string, string> = new Map(
  PAIRS.trim()
    .split(/\\s+/)
    .map((pair) => pair.split(">") as [string, string]),
);
`;
}

function techniqueCell(t: AttackRow, place: Map<string, string>): string {
  const tactics = t.tactics.map((tactic) => place.get(tactic)).join("");
  const cells = [t.id, t.name, tactics, t.revokedBy ?? "", t.retired ? "x" : ""];
  while (cells.at(-1) === "") cells.pop();
  return `${cells.join("|")};`;
}

function lastOf(id: string, successors: Map<string, string | null>): string {
  const seen = new Set<string>();
  let current = id;
  for (let next = successors.get(id); next && !seen.has(next); next = successors.get(next)) {
    seen.add(next);
    current = next;
  }
  return current;
}

function noticeComment(year: string): string {
  return attackNotice(year)
    .flatMap((line) => filled(line.split(" "), " ", 110).split("\n"))
    .map((line) => ` * ${line}`)
    .join("\n");
}

/** Words joined into lines of at most so many columns. */
function filled(words: string[], between: string, columns: number): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + between.length + word.length <= columns)
      lines[lines.length - 1] = last + between + word;
    else lines.push(word);
  }
  return lines.join("\n");
}
