"use client";

import { toast } from "#components/ui/toast.ts";
import { writePlaybookAction } from "#lib/actions/playbooks.ts";
import type { WritePlaybookInput } from "#lib/contracts/playbooks.ts";
import type { PlaybookContent } from "#lib/domain/incident/playbook.ts";
import { useAsking } from "./use-asking.ts";

type Writing = WritePlaybookInput & {
  /** What it said; null: there was none, and taking it back retires it. */
  before: PlaybookContent | null;
  /** What is said once it is written. */
  done: string;
};

/** Writes the next version, and offers to write the one before once more. */
export function useWritePlaybook() {
  const { pending, refusal, fields, ask } = useAsking();
  const write = async ({ before, done, ...input }: Writing): Promise<boolean> => {
    const answer = await ask(() => writePlaybookAction(input));
    if (!answer?.ok) return false;
    const { incidentTypes, rank } = input;
    const back = before ?? { incidentTypes, rank, steps: [] };
    const undo = async () => {
      const { name } = input;
      const undone = await ask(() =>
        writePlaybookAction({
          name,
          after: answer.data.version,
          incidentTypes: back.incidentTypes,
          rank: back.rank,
          steps: back.steps,
          reason: "Taken back.",
        }),
      );
      if (undone?.ok) toast.done(`${name} says what it said before`);
      else
        toast.failed("It was not taken back", {
          detail: undone?.message ?? "The server did not answer. Look at the page anew.",
        });
    };
    toast.done(done, { act: { label: "Undo", onPress: () => void undo() } });
    return true;
  };
  return { pending, refusal, fields, write };
}
