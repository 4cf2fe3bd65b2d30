import { Fact } from "#components/ui/fact.tsx";
import type { LeftOut } from "#lib/contracts/copilot-views.ts";
import { leftOutWords, redactionWords } from "./run-words.ts";

type Props = {
  redactions: Record<string, number> | null;
  leftOut: LeftOut | null;
  /** What the two figures count, on hover. */
  titles: { replaced: string; leftOut: string };
};

/** What of the evidence a model is not given: values replaced by class, and records left out. */
export function KeptFacts({ redactions, leftOut, titles }: Props) {
  const replaced = redactionWords(redactions);
  return (
    <>
      <Fact name="Replaced" title={titles.replaced}>
        {replaced.length === 0 ? (
          <span className="text-faint">nothing</span>
        ) : (
          <ul className="flex flex-col">
            {replaced.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name="Left out" title={titles.leftOut}>
        {leftOutWords(leftOut)}
      </Fact>
    </>
  );
}
