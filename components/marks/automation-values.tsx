import { RecordText } from "#components/marks/voices.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import type { AutomationValues } from "#lib/domain/decision/automation.ts";
import { confidenceSentence } from "#lib/domain/decision/automation-words.ts";

/** On demand, every value that something was judged by, as it is stored. `sha256` is of its canonical JSON. */
export function AutomationValuesView({
  values,
  sha256,
}: {
  values: AutomationValues;
  sha256: string | null;
}) {
  return (
    <details className="mt-1">
      <summary className="w-fit cursor-pointer text-xs text-accent">Values</summary>
      <div className="flex flex-col gap-1.5 pt-1.5">
        <p className="text-dim">{confidenceSentence(values.confidence)}</p>
        <RecordText wrap>
          <HostileText text={JSON.stringify(values, null, 2)} lines />
        </RecordText>
        {sha256 ? (
          <p className="text-2xs text-faint">
            SHA-256 of the canonical JSON <span className="record text-dim">{sha256}</span>
          </p>
        ) : null}
      </div>
    </details>
  );
}
