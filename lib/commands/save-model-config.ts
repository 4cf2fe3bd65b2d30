import { randomUUID } from "node:crypto";
import type { SaveModelConfigInput } from "#lib/contracts/copilot-inputs.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { refusedAddress } from "#lib/domain/copilot/address.ts";
import { isModelAlias, MODEL_ALIAS_REFUSED } from "#lib/domain/copilot/profile.ts";
import { Problem } from "#lib/domain/problem.ts";
import { seal } from "#lib/sealing/seal.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { actorText, type Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { queueProbe } from "./request-run.ts";

export type SavedModelConfig = { configId: string; version: number; probeRunId: string };

const HINT_CHARACTERS = 4;

/**
 * Stores a model's profile as the next version of its name, for good, and queues a probe of it. Its key is sealed
 * with `sealPublicKey` for the worker and is not read back by this process. Saved by a person, or by the worker from
 * its environment. Throws Problem `model_alias` 422, `model_address` 422, `sealing_key_missing` 503.
 */
export async function saveModelConfig(
  db: Db,
  input: SaveModelConfigInput,
  by: Actor,
  { sealPublicKey }: { sealPublicKey: string | null },
): Promise<SavedModelConfig> {
  if (isModelAlias(input.model)) throw new Problem("model_alias", 422, MODEL_ALIAS_REFUSED);
  const refusal = refusedAddress(input);
  if (refusal !== null) throw new Problem("model_address", 422, refusal);
  return withGuards(() =>
    transact(db, by, async (tx) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('countersign.model_config'))::text`;
      const configId = randomUUID();
      const version = 1 + (await latestVersion(tx, input.name));
      const facts = factsOf(input, version);
      const digest = sha256(canonicalJson(facts));
      await tx.modelConfig.create({
        data: {
          ...facts,
          id: configId,
          sha256: new Uint8Array(digest),
          keySealed: sealKey(input.apiKey, { sealPublicKey, configId }),
          keyHint: input.apiKey?.slice(-HINT_CHARACTERS) ?? null,
          byId: by.kind === "person" ? by.id : null,
        },
        select: { id: true },
      });
      const probeRunId = await queueProbe(tx, { configId, idem: `probe:${configId}` }, by);
      const payload = { config: configId, ...facts, sha256: digest.toString("hex") };
      await appendTrail(tx, {
        kind: "model_config.saved",
        actor: actorText(by),
        incidentId: null,
        payload,
      });
      return { configId, version, probeRunId };
    }),
  );
}

/** What the digest of a model is made over: what an activation of it signs. */
function factsOf(input: SaveModelConfigInput, version: number) {
  const { name, provider, model, baseUrl, isLocal, profile } = input;
  return { name, version, provider, model, baseUrl, isLocal, profile };
}

async function latestVersion(tx: Tx, name: string): Promise<number> {
  const { _max } = await tx.modelConfig.aggregate({ where: { name }, _max: { version: true } });
  return _max.version ?? 0;
}

function sealKey(
  apiKey: string | null,
  { sealPublicKey, configId }: { sealPublicKey: string | null; configId: string },
): Uint8Array<ArrayBuffer> | null {
  if (apiKey === null) return null;
  if (sealPublicKey === null) {
    throw new Problem(
      "sealing_key_missing",
      503,
      "This installation cannot keep a key: COUNTERSIGN_SEAL_PUBLIC is not set.",
    );
  }
  return seal(apiKey, sealPublicKey, {
    table: "model_config",
    column: "key_sealed",
    rowId: configId,
  });
}
