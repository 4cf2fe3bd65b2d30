"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { previewSlaAction, setSlaAction } from "#lib/actions/sla.ts";
import { reached } from "#lib/browser/reached.ts";
import { SLA_REASON_MAX } from "#lib/contracts/sla.ts";
import type { SlaPreviewView, SlaVersionView } from "#lib/contracts/sla.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { minutesText, readMinutes, SLA_CLOCKS, slaFaults } from "#lib/domain/incident/sla.ts";
import type { SlaClock, SlaMinutes } from "#lib/domain/incident/sla.ts";
import { CLOCK_WORDS, SEVERITY_WORDS } from "#lib/domain/incident/words.ts";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

/** The way to new clocks: what they are, what they would say of what is open, and why. */
export function SetClocks({ inForce }: { inForce: SlaVersionView }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        tone="primary"
        icon={<Pencil className="size-3.5" strokeWidth={2} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Change the clocks
      </Button>
      {open ? <Clocks inForce={inForce} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

type Texts = Record<SlaClock, Record<Severity, string>>;

function Clocks({ inForce, onClose }: { inForce: SlaVersionView; onClose: () => void }) {
  const [texts, setTexts] = useState(() => textsOf(inForce.minutes));
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const act = useAsking();
  const minutes = minutesOf(texts);
  const faults = slaFaults(minutes);
  const save = async () => {
    setTried(true);
    if (faults.length > 0 || reason.trim() === "") return;
    const answer = await act.ask(() => setSlaAction({ after: inForce.version, minutes, reason }));
    if (!answer?.ok) return;
    onClose();
    toast.done("The clocks are in force for incidents that open from now on");
  };
  return (
    <FormDialog
      open
      size="lg"
      onOpenChange={(next) => (next ? undefined : onClose())}
      title="Change the clocks"
      description="For incidents that open from now on. Write 15 min, 4 h or 1 d 12 h."
      submit="Put in force"
      pending={act.pending}
      onSubmit={() => void save()}
    >
      <Refused reasons={act.refusal} />
      <div className="flex flex-col gap-2">
        {SEVERITIES.toReversed().map((severity) => (
          <fieldset key={severity} className="grid grid-cols-[110px_1fr_1fr] items-start gap-3">
            <legend className="sr-only">{SEVERITY_WORDS[severity]}</legend>
            <span aria-hidden className="pt-6 text-sm">
              {SEVERITY_WORDS[severity]}
            </span>
            {SLA_CLOCKS.map((clock) => (
              <TextField
                key={clock}
                label={`${SEVERITY_WORDS[severity]}: ${CLOCK_WORDS[clock].toLowerCase()} within`}
                value={texts[clock][severity]}
                maxLength={40}
                autoComplete="off"
                error={
                  faults.find((one) => one.clock === clock && one.severity === severity)?.sentence
                }
                onChange={(event) =>
                  setTexts({
                    ...texts,
                    [clock]: { ...texts[clock], [severity]: event.target.value },
                  })
                }
              />
            ))}
          </fieldset>
        ))}
      </div>
      <Preview minutes={faults.length > 0 ? null : minutes} />
      <TextArea
        label="Why"
        rows={2}
        value={reason}
        maxLength={SLA_REASON_MAX}
        error={tried && reason.trim() === "" ? "Write a reason." : act.fields["reason"]?.[0]}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}

/** What they would say of what is open; null while they cannot be. */
function Preview({ minutes }: { minutes: SlaMinutes | null }) {
  const rested = useDeferredValue(minutes);
  const preview = useQuery({
    queryKey: ["sla", "preview", rested],
    queryFn: async () => {
      const answer = await reached(previewSlaAction({ minutes: rested! }));
      if (!answer.ok) throw new Error(answer.message);
      return answer.data;
    },
    enabled: rested !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  return (
    <p role="status" className="min-h-10 text-sm text-dim">
      {minutes === null
        ? "These cannot be put in force yet."
        : preview.isError
          ? `${preview.error.message} Nothing was changed.`
          : preview.data
            ? previewWords(preview.data)
            : "Counting what is open."}
    </p>
  );
}

function previewWords({ open, breached, wouldBe, more }: SlaPreviewView): string {
  const some = (count: number) => (count === 1 ? "1 is" : `${count} are`);
  const looked = more
    ? `Of the ${open.toLocaleString("en")} most urgent open incidents`
    : `Of ${open.toLocaleString("en")} open incidents`;
  return `${looked} ${some(breached)} in breach. Under these clocks ${wouldBe} would be in breach at once; they keep the clocks they opened with.`;
}

function textsOf(minutes: SlaMinutes): Texts {
  const texts = (clock: SlaClock) =>
    Object.fromEntries(
      SEVERITIES.map((severity) => [severity, minutesText(minutes[clock][severity])]),
    ) as Record<Severity, string>;
  return { assign: texts("assign"), decide: texts("decide") };
}

function minutesOf(texts: Texts): SlaMinutes {
  const read = (clock: SlaClock) =>
    Object.fromEntries(
      SEVERITIES.map((severity) => [severity, readMinutes(texts[clock][severity]) ?? Number.NaN]),
    ) as Record<Severity, number>;
  return { assign: read("assign"), decide: read("decide") };
}
