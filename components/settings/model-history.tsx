import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { ExactTime, RelativeTime } from "#components/ui/relative-time.tsx";
import type { ActivationView } from "#lib/contracts/copilot-views.ts";
import { promptSetWords } from "./model-words.ts";

/** Who put which model in force or switched it off, and why. Rows are added and never changed. */
export function ModelHistory({ history }: { history: ActivationView[] }) {
  if (history.length === 0) {
    return <p className="text-dim">No model was ever in force. The first signature stands here.</p>;
  }
  return (
    <div className="overflow-x-auto border-t">
      <DataTable aria-label="Activations">
        <thead>
          <tr>
            <Th className="pl-0">When</Th>
            <Th>Who</Th>
            <Th>What</Th>
            <Th>Why</Th>
            <Th className="pr-0">Prompts</Th>
          </tr>
        </thead>
        <tbody>
          {history.map((activation) => (
            <Tr key={activation.id}>
              <Td className="pl-0 whitespace-nowrap text-dim">
                <ExactTime at={activation.at} />{" "}
                <RelativeTime at={activation.at} className="text-xs text-faint" />
              </Td>
              <Td className="whitespace-nowrap">
                <PersonChip name={activation.person.name} role={activation.person.role} />
              </Td>
              <Td className="whitespace-nowrap">
                {activation.config ? (
                  <Link
                    href={`/models/${activation.config.id}`}
                    className="underline-offset-2 hover:text-accent hover:underline"
                  >
                    put <HostileText text={activation.config.name} /> {activation.config.version} in
                    force
                  </Link>
                ) : (
                  <span className="text-danger">switched the model off</span>
                )}
              </Td>
              <Td className="max-w-[420px] min-w-48 py-1.5">
                <HostileText text={activation.reason} />
              </Td>
              <Td className="pr-0 text-xs text-dim">
                {activation.prompts ? promptSetWords(activation.prompts) : ""}
              </Td>
            </Tr>
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}
