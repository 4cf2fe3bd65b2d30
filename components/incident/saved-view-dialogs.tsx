"use client";

import { useState, useTransition } from "react";
import { CheckField, TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { VIEW_NAME_MAX } from "#lib/domain/incident/saved-view.ts";

type Answer = { ok: true } | { ok: false; message: string };

type Props = {
  title: string;
  description: string;
  submit: string;
  name: string;
  /** Whether it can be shared here too. */
  shareable: boolean;
  onClose: () => void;
  /** What stands in its way is said beside the name. */
  onSubmit: (name: string, shared: boolean) => Promise<Answer>;
};

/** Asks for the name of a view. */
export function ViewNameDialog(props: Props) {
  const [name, setName] = useState(props.name);
  const [shared, setShared] = useState(false);
  const [error, setError] = useState<string>();
  const [pending, start] = useTransition();
  const submit = () => {
    if (name.trim() === "") return setError("Give the view a name.");
    start(async () => {
      const answer = await props.onSubmit(name.trim(), shared);
      if (answer.ok) props.onClose();
      else setError(answer.message);
    });
  };
  return (
    <FormDialog
      open
      size="sm"
      title={props.title}
      description={props.description}
      submit={props.submit}
      pending={pending}
      onOpenChange={(open) => (open ? undefined : props.onClose())}
      onSubmit={submit}
    >
      <TextField
        label="Name"
        value={name}
        maxLength={VIEW_NAME_MAX}
        autoComplete="off"
        error={error}
        onChange={(event) => {
          setName(event.target.value);
          setError(undefined);
        }}
      />
      {props.shareable ? (
        <CheckField
          label="Share it with the desk"
          hint="Everybody sees it and its line; you or a lead change it. It is on the trail."
          checked={shared}
          onChange={setShared}
        />
      ) : null}
    </FormDialog>
  );
}
