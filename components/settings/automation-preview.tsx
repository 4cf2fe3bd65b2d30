import { HostileText } from "#components/marks/hostile-text.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import type { AutomationPreview } from "#lib/contracts/automation-views.ts";
import { RESPONSE_WORDS } from "#lib/domain/decision/words.ts";

/** What rules would have let run over the incidents of the last seven days. */
export function PreviewOfRules({ preview }: { preview: AutomationPreview }) {
  const { incidents, capped, actions, examples } = preview;
  const looked = capped ? `the newest ${incidents}` : `all ${incidents}`;
  return (
    <section aria-label="What would have run" className="flex flex-col gap-2" aria-live="polite">
      <p>
        Over {looked} incidents of the last seven days, as their evidence stands now:{" "}
        {actions.length === 0 ? "nothing would have run." : null}
        {actions.map(({ action, count, incidents: of }) => (
          <span key={action} className="mr-2 font-medium tabular-nums">
            {wordsOf(action)} {count.toLocaleString("en")} times in {of.toLocaleString("en")}{" "}
            incidents.
          </span>
        ))}
      </p>
      {examples.length === 0 ? null : (
        <div className="overflow-x-auto border-t">
          <DataTable aria-label="The newest that would have run">
            <thead>
              <tr>
                <Th className="pl-0">Incident</Th>
                <Th>What</Th>
                <Th>System</Th>
                <Th>Confidence</Th>
                <Th className="pr-0">Rule</Th>
              </tr>
            </thead>
            <tbody>
              {examples.map(({ number, action, target, confidence, rule }, at) => (
                <Tr key={at}>
                  <Td className="record pl-0">{number}</Td>
                  <Td>{wordsOf(action)}</Td>
                  <Td className="record">
                    {target === null ? (
                      <span className="text-dim">for readers of incidents</span>
                    ) : (
                      <HostileText text={target} />
                    )}
                  </Td>
                  <Td className="tabular-nums">
                    {confidence.total}{" "}
                    <span className="text-dim">
                      ({confidence.claims} + {confidence.severity} + {confidence.sources})
                    </span>
                  </Td>
                  <Td className="pr-0 tabular-nums">{rule}</Td>
                </Tr>
              ))}
            </tbody>
          </DataTable>
        </div>
      )}
    </section>
  );
}

const WORDS: Record<string, string> = RESPONSE_WORDS;

function wordsOf(action: string): string {
  return WORDS[action] ?? action;
}
