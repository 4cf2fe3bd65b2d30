import { signCheckpoint } from "#lib/trail/checkpoint.ts";
import { payloadCommitment } from "#lib/trail/line.ts";
import { leafHash, root } from "#lib/trail/tree.ts";
import type { SealedTrail, Witness } from "#lib/jobs/exports/testing-bundle.ts";
import { ORIGIN } from "#lib/jobs/exports/testing-bundle.ts";
import { rechained, told, withLine, type LogRow, type LogState } from "./log-table.ts";

/** Where the attacker strikes, and what they hold. */
export type Scene = {
  trail: SealedTrail;
  witness: Witness;
  /** An entry in the middle of the log, later than the auditor's earlier checkpoint, and one before it. */
  middle: number;
  early: number;
  /** The size of a checkpoint between the auditor's earlier one and the newest. */
  between: number;
};
type Signer = "refuses" | "signs";
/** The name of the fault by which a verifier stops; `holds` when it does not; `none` when no bundle can be made. */
export type Verdict = string;

export type TamperAttack = {
  row: string;
  name: string;
  signer: Signer;
  bundle: Verdict;
  older: Verdict;
  /** With the size that the witness knows; when it differs from what the bundle alone says. */
  fresh?: Verdict;
  strike: (log: LogState, scene: Scene) => LogState;
};

export const TAMPER_ATTACKS: TamperAttack[] = [
  {
    row: "1",
    name: "edit one entry",
    ...{ signer: "refuses", bundle: "tree", older: "tree" },
    strike: ({ rows, checkpoints }, { middle }) => ({
      checkpoints,
      rows: rows.with(middle, withLine(rows[middle]!, { actor: "system:nobody" })),
    }),
  },
  {
    row: "2",
    name: "edit a payload only",
    ...{ signer: "signs", bundle: "payload", older: "payload" },
    strike: ({ rows, checkpoints }, { middle }) => ({
      checkpoints,
      rows: rows.with(middle, { ...rows[middle]!, payload: Buffer.from('{"words":"nothing"}') }),
    }),
  },
  {
    row: "3",
    name: "delete an entry in the middle",
    ...{ signer: "refuses", bundle: "tree", older: "tree" },
    strike: ({ rows, checkpoints }, { middle }) => ({
      checkpoints,
      rows: rows.toSpliced(middle, 1),
    }),
  },
  {
    row: "4",
    name: "delete one and number the rest anew",
    ...{ signer: "refuses", bundle: "tree", older: "tree" },
    strike: ({ rows, checkpoints }, { middle }) => ({
      checkpoints,
      rows: rows
        .toSpliced(middle, 1)
        .map((row, seq) => (told(row.line).seq === seq ? row : withLine(row, { seq }))),
    }),
  },
  {
    row: "5",
    name: "cut the log at an older checkpoint",
    ...{ signer: "refuses", bundle: "holds", older: "holds", fresh: "stale" },
    strike: ({ rows, checkpoints }, { between }) => ({
      rows: rows.slice(0, between),
      checkpoints: checkpoints.filter(({ size }) => size <= between),
    }),
  },
  {
    row: "6",
    name: "change two entries about",
    ...{ signer: "refuses", bundle: "tree", older: "tree" },
    strike: ({ rows, checkpoints }, { middle }) => {
      const [one, two] = [rows[middle]!, rows[middle + 1]!];
      const [a, b] = [told(one.line), told(two.line)];
      const changed = rows
        .with(middle, withLine(two, { seq: a.seq }))
        .with(middle + 1, withLine(one, { seq: b.seq }));
      return { checkpoints, rows: changed };
    },
  },
  {
    row: "7",
    name: "back-date an entry",
    ...{ signer: "refuses", bundle: "tree", older: "tree" },
    strike: ({ rows, checkpoints }, { middle }) => ({
      checkpoints,
      rows: rows.with(middle, withLine(rows[middle]!, { at: "2026-01-01T00:00:00.000000Z" })),
    }),
  },
  {
    row: "8",
    name: "edit one and make the whole chain anew",
    ...{ signer: "refuses", bundle: "tree", older: "tree" },
    strike: ({ rows, checkpoints }, { early }) => ({ checkpoints, rows: edited(rows, early) }),
  },
  {
    row: "9",
    name: "the same, and drop the checkpoints",
    ...{ signer: "refuses", bundle: "none", older: "none", fresh: "none" },
    strike: ({ rows }, { early }) => ({ checkpoints: [], rows: edited(rows, early) }),
  },
  {
    row: "10",
    name: "append a forged entry, not signed by a passkey",
    ...{ signer: "signs", bundle: "holds", older: "holds" },
    strike: (log) => appended(log, "decision.took_effect", { decision: "none", kind: "closure" }),
  },
  {
    row: "10b",
    name: "append a forged signature by passkey",
    ...{ signer: "signs", bundle: "sign_off", older: "sign_off" },
    strike: (log) =>
      appended(log, "decision.signed", {
        assurance: "passkey",
        decision: "00000000-0000-7000-8000-000000000001",
        signOff: "00000000-0000-7000-8000-000000000002",
      }),
  },
  {
    row: "11",
    name: "steal the log's key and rewrite",
    ...{ signer: "refuses", bundle: "cosignature", older: "cosignature" },
    strike: (log, scene) => resigned(log, scene, (note) => note),
  },
  {
    row: "12",
    name: "steal the log's key and the witness's, and rewrite",
    ...{ signer: "refuses", bundle: "holds", older: "rewritten" },
    strike: (log, scene) => resigned(log, scene, scene.witness.cosign),
  },
];

function edited(rows: readonly LogRow[], at: number): LogRow[] {
  return rechained(rows.with(at, withLine(rows[at]!, { actor: "system:nobody" })));
}

/** As a superuser can: an entry that the log's own function would have written for anyone. */
function appended({ rows, checkpoints }: LogState, kind: string, tells: object): LogState {
  const last = rows.at(-1)!;
  const payload = JSON.stringify(tells);
  const salt = Buffer.alloc(32, 7);
  const commitment = payloadCommitment(salt.toString("hex"), payload);
  const forged = withLine(
    { line: last.line, payload: Buffer.from(payload), salt },
    { kind, payload: commitment, incident: null, incidentPrev: null, incidentSeq: null },
  );
  return { checkpoints, rows: rechained([...rows, forged]) };
}

/** History before the auditor's checkpoint rewritten, under checkpoints by the log's own key. */
function resigned(
  { rows }: LogState,
  { trail, early }: Scene,
  seal: (note: string) => string,
): LogState {
  const made = edited(rows, early);
  const checkpoint = {
    origin: ORIGIN,
    size: made.length,
    root: root(made.map(({ line }) => leafHash(line))),
  };
  const note = seal(signCheckpoint(checkpoint, trail.logKey));
  return { rows: made, checkpoints: [{ size: checkpoint.size, root: checkpoint.root, note }] };
}
