/** M15: another technique, or another name for it. */
import { allTechniques, findTechnique } from "#lib/grounding/attack-table.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { Lie } from "./bench-claim.ts";
import { ABSENT, backed, HARD, saying, stemOf, told } from "./lies.ts";
import { fieldIs, valuesOf } from "./oracle.ts";
import type { Context, Operator } from "./mutant-context.ts";
import type { Random } from "./random.ts";
import { isBound, occurs, slotsOf } from "./slots.ts";
import type { Slot } from "./slots.ts";

const INVENTED = ["T9999", "T1991", "T1059.099", "T1777.001"];
const TACTICS = ["Exfiltration", "Impact", "Initial Access", "Resource Development"];

/** M15: a technique nobody tagged, one that does not exist, a revoked one, a wrong name or tactic. */
export const wrongTechnique: Operator = (claim, context, random) => {
  const cited = context.cited(claim);
  const slot = random.pick(slotsOf(claim).filter(({ field }) => field === "technique"));
  const all = [...allTechniques()].filter(({ id }) => !isTagged(id, cited, context));
  const options = [
    ["invented", random.pick(INVENTED)],
    ["not tagged", random.pick(all.filter((t) => !t.revokedBy))?.id],
    ["revoked", random.pick(all.filter((t) => t.revokedBy))?.id],
  ] as const;
  const [record] = cited;
  const lies = options.flatMap(([variant, id]): Lie[] => {
    if (!id || !record || occurs(claim.text, id)) return [];
    const text = slot ? claim.text.replaceAll(slot.value, id) : `${stemOf(claim.text)} (${id}).`;
    const evidence = [evidenceLabel(record.position)];
    const says = saying({ op: "field", evidence, field: "technique", value: id });
    const lie = told(variant, ABSENT, claim, { text }, [says]);
    if (!isBound(claim.predicates)) return [lie];
    const rest = claim.predicates.filter((p) => !slot || p.field !== "technique");
    return [lie, backed(variant, HARD, claim, { text, predicates: [...rest, says] }, [says])];
  });
  return slot ? [...lies, ...misnamed(claim, slot, cited, random)] : lies;
};

function isTagged(id: string, cited: EvidenceRecord[], context: Context): boolean {
  return cited.some(
    (record) =>
      context.incident.raws.get(record.id)?.includes(id) ||
      ["technique", "technique.original"].some((f) => fieldIs(record, f, id) === true),
  );
}

/** The right id, with the name of another technique or a tactic that is not its own. */
function misnamed(claim: DraftClaim, slot: Slot, cited: EvidenceRecord[], random: Random): Lie[] {
  const own = findTechnique(slot.value);
  const strangers = [...allTechniques()].filter(
    (t) =>
      t.name !== own?.name && !t.revokedBy && t.name.includes(" ") && !claim.text.includes(t.name),
  );
  const name = random.pick(strangers)?.name ?? "Process Injection";
  const text =
    own && claim.text.includes(own.name)
      ? claim.text.replaceAll(own.name, name)
      : claim.text.replaceAll(slot.value, `${slot.value} (${name})`);
  const plain = (tactic: string) => tactic.toLowerCase().replace(/\W/g, "");
  const known = new Set(
    [...cited.flatMap((r) => valuesOf(r, "tactic")), ...(own?.tactics ?? [])].map(plain),
  );
  const tactic = random.pick(TACTICS.filter((t) => !known.has(plain(t))));
  const lies = [told("wrong name", ABSENT, claim, { text })];
  if (!tactic) return lies;
  const tail = `${stemOf(claim.text)}, of the tactic ${tactic}.`;
  return [...lies, told("wrong tactic", ["unsupported", "partial"], claim, { text: tail })];
}
