import { OctagonX } from "lucide-react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import type { AutomationPageView, AutomationVersionView } from "#lib/contracts/automation-views.ts";
import { ruleSentence } from "#lib/domain/decision/automation-words.ts";

/** The rules in force, each as a sentence, and who signed for them. */
export function AutomationRules({ page }: { page: AutomationPageView }) {
  const { inForce } = page;
  return (
    <section aria-labelledby="rules" className="flex flex-col gap-3">
      <h2 id="rules" className="text-lg font-semibold">
        Rules in force{" "}
        {inForce ? <span className="text-dim">version {inForce.version}</span> : null}
      </h2>
      {inForce && !inForce.isAsSigned ? (
        <p role="alert" className="flex items-center gap-2 text-danger">
          <OctagonX className="size-4 shrink-0" strokeWidth={1.5} aria-hidden />
          These are not the rules that were signed: somebody changed the database. Nothing runs by
          itself until other rules are signed.
        </p>
      ) : null}
      {inForce ? <RulesOf version={inForce} /> : <p className="text-dim">There are none.</p>}
    </section>
  );
}

/** The rules of a version, what stops an incident, and every signature. */
export function RulesOf({ version }: { version: AutomationVersionView }) {
  return (
    <div className="flex flex-col gap-2.5">
      {version.rules.length === 0 ? (
        <p>Nothing runs by itself.</p>
      ) : (
        <ol className="flex flex-col divide-y border-y">
          {version.rules.map((rule) => (
            <li key={rule.number} className="flex gap-3 py-2">
              <span className="record shrink-0 text-dim">
                {version.version}.{rule.number}
              </span>
              <span>{ruleSentence(rule)}</span>
            </li>
          ))}
        </ol>
      )}
      <p className="text-dim">
        An incident is stopped by itself when a record reads like orders, or when more than{" "}
        {version.doubtPercent} per cent of the claims of a summary do not hold.
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-dim">
        {version.by === null ? <span>Came with the product.</span> : null}
        {version.signers.map((signer) => (
          <span key={signer.id} className="flex items-center gap-1.5">
            <SealGlyph className="size-3.5 text-accent" />
            <PersonChip name={signer.name} role={signer.role} />
            signed <ExactTime at={signer.at} />
          </span>
        ))}
        <HostileText text={version.reason} />
      </div>
    </div>
  );
}
