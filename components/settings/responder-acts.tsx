"use client";

import { FlaskConical, Pencil, Unplug } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConfirmDialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { MenuItem } from "#components/ui/menu.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { toast } from "#components/ui/toast.ts";
import { retireResponderAction, testResponderAction } from "#lib/actions/responders.ts";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { ResponderView } from "#lib/contracts/responder-views.ts";
import { RESPONSE_WORDS } from "#lib/domain/decision/words.ts";
import { ACT_ICON, ActsMenu } from "./managed-table.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

type Act = "test" | "retire";

/** What an admin may do to a responder in force. */
export function ResponderActs({ responder }: { responder: ResponderView }) {
  const router = useRouter();
  const [asking, setAsking] = useState<Act | null>(null);
  return (
    <>
      <ActsMenu of={responder.name}>
        <MenuItem icon={<FlaskConical {...ACT_ICON} />} onSelect={() => setAsking("test")}>
          Dry run
        </MenuItem>
        <MenuItem
          icon={<Pencil {...ACT_ICON} />}
          onSelect={() => router.push(`/responders/new?from=${responder.id}`)}
        >
          Change
        </MenuItem>
        <MenuItem
          icon={<Unplug {...ACT_ICON} />}
          tone="danger"
          onSelect={() => setAsking("retire")}
        >
          Retire
        </MenuItem>
      </ActsMenu>
      {asking === "test" ? <DryRun responder={responder} onClose={() => setAsking(null)} /> : null}
      {asking === "retire" ? (
        <Retire responder={responder} onClose={() => setAsking(null)} />
      ) : null}
    </>
  );
}

type ActProps = { responder: ResponderView; onClose: () => void };

function DryRun({ responder, onClose }: ActProps) {
  const [action, setAction] = useState(responder.actions[0]!);
  const [target, setTarget] = useState("");
  const act = useAsking();
  const submit = async () => {
    const answer = await act.ask(() =>
      testResponderAction({ responderId: responder.id, action, target }),
    );
    if (!answer?.ok) return;
    toast.done("The worker makes the dry run; its words stand in the list");
    onClose();
  };
  return (
    <FormDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Dry run of ${responder.name}`}
      description="Finds the target, reads its state and says what would be asked. Changes nothing."
      submit="Make the dry run"
      pending={act.pending}
      onSubmit={() => void submit()}
    >
      <SelectField
        label="Response action"
        name="action"
        value={action}
        options={responder.actions.map((value) => ({ value, label: RESPONSE_WORDS[value] }))}
        onChange={setAction}
      />
      <TextField
        label="Target"
        name="target"
        mono
        value={target}
        error={act.fields["target"]?.[0] ?? null}
        hint="A host or an account that nobody needs."
        maxLength={TEXT_LIMITS.target}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTarget(event.target.value)}
      />
      <Refused reasons={act.refusal} />
    </FormDialog>
  );
}

function Retire({ responder, onClose }: ActProps) {
  const act = useAsking();
  const retire = async () => {
    const answer = await act.ask(() => retireResponderAction({ responderId: responder.id }));
    if (!answer?.ok) return;
    toast.done(`${responder.name} is retired`);
    onClose();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Retire ${responder.name}?`}
      act="Retire responder"
      pending={act.pending}
      onConfirm={() => void retire()}
    >
      Nothing more is asked of it, and its token stops at once. What it did stays on record; what is
      signed from now on is carried out by hand until another responder serves it.
      <Refused reasons={act.refusal} />
    </ConfirmDialog>
  );
}
