import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "#lib/db/embedded.ts";
import { readIfThere, WRITE_STEPS } from "#lib/signing/durable.ts";
import { writeAddCheckpoint } from "#lib/trail/add-checkpoint.ts";
import { openNote, parseVerifierKey, signCheckpoint, verifierKey } from "#lib/trail/checkpoint.ts";
import { consistencyProof } from "#lib/trail/proof.ts";
import { root, type Hash } from "#lib/trail/tree.ts";
import { faultArg, type Fault } from "../drill/faults.ts";
import { startProcess, type DrillProcess } from "../drill/processes.ts";
import { seededRandom, waitFor } from "../drill/wait.ts";

export type WitnessDrill = {
  rounds: number;
  kills: number;
  errors: number;
  asked: number;
  cosigned: number;
  /** Cosigned checkpoints that are not all the beginning of one history. */
  forks: number;
};
type Cosigned = { size: number; root: string };

const ORIGIN = "countersign/drill/trail";
const WAIT_S = 20;
const NO_FAULT: Fault = { step: "read", how: "kill", nth: 0 };

/**
 * Whoever has stolen the log's key asks for two histories at once, again and again, from a witness that is struck at a
 * step of writing its memory: at most one of them may ever be cosigned.
 */
export async function drillWitness(size: { rounds: number; seed: number }): Promise<WitnessDrill> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-witness-"));
  const log = { name: ORIGIN, key: generateKeyPairSync("ed25519").privateKey };
  await writeFile(join(folder, "log.key.pub"), `${verifierKey(log)}\n`);
  const desk = new WitnessDesk(folder, log.key, await freePort());
  const random = seededRandom(size.seed);
  const result = { rounds: size.rounds, kills: 0, errors: 0, asked: 0, cosigned: 0, forks: 0 };
  const cosigned: Cosigned[] = [];
  let truth: Hash[] = [];
  try {
    for (let round = 0; round < size.rounds; round += 1) {
      const step = WRITE_STEPS[round % WRITE_STEPS.length]!;
      const how = round % 3 === 2 ? "error" : "kill";
      const branches = branchesOf(truth, random);
      const struck = await desk.round({ step, how, nth: 1 }, branches);
      result.kills += struck.isKilled ? 1 : 0;
      result.errors += struck.errors > 0 ? 1 : 0;
      result.asked += struck.asked;
      cosigned.push(...struck.cosigned);
      truth = await desk.seen([...branches, truth]);
    }
    result.cosigned = cosigned.length;
    result.forks = cosigned.filter(
      (one) => root(truth.slice(0, one.size)).toString("hex") !== one.root,
    ).length;
    return result;
  } finally {
    await desk.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Two ways to go on from a common beginning, which may lie before what was cosigned. */
function branchesOf(truth: readonly Hash[], random: () => number): [Hash[], Hash[]] {
  const fork = random() < 0.5 ? truth.length : Math.floor(random() * (truth.length + 1));
  const grow = () => Array.from({ length: 1 + Math.floor(random() * 5) }, () => randomBytes(32));
  return [
    [...truth, ...grow()],
    [
      ...truth.slice(0, fork),
      ...Array.from({ length: truth.length - fork }, () => randomBytes(32)),
      ...grow(),
    ],
  ];
}

class WitnessDesk {
  readonly #folder: string;
  readonly #key: Parameters<typeof signCheckpoint>[1];
  readonly #port: number;
  #process: DrillProcess | null = null;

  constructor(folder: string, key: Parameters<typeof signCheckpoint>[1], port: number) {
    this.#folder = folder;
    this.#key = key;
    this.#port = port;
  }

  async round(fault: Fault, branches: readonly Hash[][]) {
    await this.#start(fault);
    const known = await this.#knownSize();
    const first = await Promise.all(branches.map((branch) => this.#ask(branch, known)));
    const isKilled = first.some((answer) => answer === null);
    // a witness that was killed, or whose disk failed, is asked again for both, from what it remembers now
    if (isKilled) await this.#start(NO_FAULT);
    const again = await Promise.all(
      branches.map(async (branch) => this.#ask(branch, await this.#knownSize())),
    );
    await this.stop();
    const answers = [...first, ...again].filter((answer) => answer !== null);
    return {
      isKilled,
      asked: first.length + again.length,
      errors: answers.filter(({ status }) => status === 500).length,
      cosigned: answers.flatMap(({ cosigned }) => (cosigned ? [cosigned] : [])),
    };
  }

  /** The history that the witness remembers. */
  async seen(histories: readonly Hash[][]): Promise<Hash[]> {
    const memory = await this.#memory();
    if (memory === null) return [];
    const known = histories
      .map((leaves) => leaves.slice(0, memory.size))
      .find((leaves) => root(leaves).toString("hex") === memory.root);
    if (!known) throw new Error("The witness remembers a history that nobody showed it.");
    return known;
  }

  async stop(): Promise<void> {
    await this.#process?.kill();
    this.#process = null;
  }

  async #start(fault: Fault): Promise<void> {
    await this.stop();
    const args = [this.#folder, String(this.#port), faultArg(fault)];
    this.#process = startProcess("lib/cli/prove/drill/witness-instance.ts", args, {});
    const url = `http://127.0.0.1:${this.#port}/`;
    const isThere = () =>
      fetch(url).then(
        () => true,
        () => false,
      );
    await waitFor("a witness to listen", isThere, WAIT_S, 10);
  }

  async #memory(): Promise<Cosigned | null> {
    const text = await readIfThere(join(this.#folder, "seen.json"));
    return text === null ? null : ((JSON.parse(text) as Record<string, Cosigned>)[ORIGIN] ?? null);
  }

  async #knownSize(): Promise<number> {
    return (await this.#memory())?.size ?? 0;
  }

  async #ask(leaves: Hash[], oldSize: number) {
    const size = leaves.length;
    const note = signCheckpoint({ origin: ORIGIN, size, root: root(leaves) }, this.#key);
    const isGrowth = oldSize > 0 && oldSize <= size;
    const proof = isGrowth ? consistencyProof(oldSize, leaves) : [];
    const answer = await fetch(`http://127.0.0.1:${this.#port}/add-checkpoint`, {
      method: "POST",
      body: writeAddCheckpoint({ oldSize, proof, note }),
    }).catch(() => null);
    if (answer === null) return null;
    const text = await answer.text();
    if (answer.status !== 200) return { status: answer.status, cosigned: null };
    const vkey = await readFile(join(this.#folder, "witness.key.pub"), "utf8");
    if (openNote(note + text, [parseVerifierKey(vkey.trim())]).cosignatures.length !== 1)
      throw new Error("The witness said yes and cosigned nothing.");
    return { status: 200, cosigned: { size, root: root(leaves).toString("hex") } };
  }
}
