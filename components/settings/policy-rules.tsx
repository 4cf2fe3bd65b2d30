import type { ReactNode } from "react";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import type { RuleWords } from "#lib/domain/decision/policy-change.ts";
import {
  conditionWords,
  minutesWords,
  signatureWords,
  situationWords,
} from "#lib/domain/decision/policy-words.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";

type Props = {
  rules: readonly RuleWords[];
  label: string;
  /** What may be done with each rule, in a last column. */
  renderActs?: (rule: RuleWords, index: number) => ReactNode;
};

/** The rules as a table: what a decision is, the situations, and what it then needs. */
export function PolicyRules({ rules, label, renderActs }: Props) {
  return (
    <div className="overflow-x-auto border-t">
      <DataTable aria-label={label}>
        <thead>
          <tr>
            <Th className="pl-0">Decision</Th>
            <Th>Situation</Th>
            <Th>Signatures</Th>
            <Th>Proposed by</Th>
            <Th>Open for</Th>
            <Th>Signature counts for</Th>
            <Th>What else it asks</Th>
            {renderActs ? <Th className="pr-0 text-right">Change</Th> : null}
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, index) => (
            <Tr key={`${rule.kind} ${rule.number}`}>
              <Td className="pl-0 font-medium whitespace-nowrap">{DECISION_WORDS[rule.kind]}</Td>
              <Td className="max-w-64 min-w-32 py-1.5">{situationWords(rule)}</Td>
              <Td className="max-w-80 min-w-56 py-1.5">{signatureWords(rule)}</Td>
              <Td className="min-w-24 py-1.5">
                {rule.minProposerRole === "lead" ? "a lead" : "an analyst or a lead"}
              </Td>
              <Td className="whitespace-nowrap">{minutesWords(rule.proposalMinutes)}</Td>
              <Td className="whitespace-nowrap">{minutesWords(rule.signOffMinutes)}</Td>
              <Td className="max-w-72 min-w-48 py-1.5 text-dim">
                {conditionWords(rule) || "nothing more"}
              </Td>
              {renderActs ? (
                <Td className="pr-0">
                  <span className="flex justify-end gap-1">{renderActs(rule, index)}</span>
                </Td>
              ) : null}
            </Tr>
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}
