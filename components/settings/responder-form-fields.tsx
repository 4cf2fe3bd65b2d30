"use client";

import { CheckField, RadioField, TextArea, TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select.tsx";
import {
  RESPONDER_HINTS,
  RESPONDER_KINDS,
  RESPONDER_SERVES,
  RESPONDER_WORDS,
  RESPONDERS_WITH_TOKEN,
} from "#lib/domain/decision/responder.ts";
import { RESPONSE_WORDS } from "#lib/domain/decision/words.ts";
import type { TakenAction } from "./responder-form.tsx";
import type { ResponderErrors, ResponderForm, TextName } from "./responder-form-state.ts";

type Props = {
  form: ResponderForm;
  errors: ResponderErrors;
  onChange: (part: Partial<ResponderForm>) => void;
};

export function KindFields({ form, errors, onChange, isFixed }: Props & { isFixed: boolean }) {
  return (
    <>
      <TextField
        label="Name"
        name="name"
        value={form.name}
        readOnly={isFixed}
        error={errors.name}
        hint={
          isFixed
            ? "A new version keeps the name."
            : "How the desk knows it, such as Edge firewalls."
        }
        maxLength={80}
        autoComplete="off"
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <SelectField
        label="Kind"
        name="kind"
        value={form.kind}
        options={RESPONDER_KINDS.map((value) => ({
          value,
          label: RESPONDER_WORDS[value],
          hint: RESPONDER_HINTS[value],
          disabled: isFixed && value !== form.kind,
        }))}
        onChange={(kind) => onChange({ kind })}
      />
    </>
  );
}

export function ActionFields({ form, errors, onChange, taken }: Props & { taken: TakenAction[] }) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="pb-1 text-xs font-medium">Response actions</legend>
      {RESPONDER_SERVES[form.kind].map((action) => {
        const other = taken.find((one) => one.action === action);
        return (
          <CheckField
            key={action}
            name={action}
            label={RESPONSE_WORDS[action]}
            hint={other ? `${other.name} serves this.` : undefined}
            disabled={other !== undefined}
            checked={form.actions.includes(action)}
            onChange={(checked) =>
              onChange({
                actions: checked
                  ? [...form.actions, action]
                  : form.actions.filter((one) => one !== action),
              })
            }
          />
        );
      })}
      {errors.actions ? (
        <p role="alert" className="text-xs text-danger">
          {errors.actions}
        </p>
      ) : null}
    </fieldset>
  );
}

type LineProps = Props & { name: TextName; label: string; hint?: string; optional?: boolean };

/** One line of text in the form of what machines read. */
function Line({ form, errors, onChange, name, label, hint, optional }: LineProps) {
  return (
    <TextField
      label={label}
      name={name}
      mono
      optional={optional ?? false}
      value={form[name]}
      error={errors[name] ?? null}
      hint={hint}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  );
}

function Lines({ form, errors, onChange, name, label, hint, optional }: LineProps) {
  return (
    <TextArea
      label={label}
      name={name}
      className="record"
      optional={optional ?? false}
      value={form[name]}
      error={errors[name] ?? null}
      hint={hint}
      spellCheck={false}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  );
}

/** Which system, by kind. */
export function SettingFields(props: Props) {
  const cloud = "Only for another cloud of the vendor, or a test system.";
  switch (props.form.kind) {
    case "simulated":
      return null;
    case "webhook":
      return (
        <Line
          {...props}
          name="url"
          label="Address"
          hint="Signed messages are posted here. It is shown and stands on the trail: put no secret into it."
        />
      );
    case "defender":
      return (
        <>
          <Line {...props} name="tenant" label="Tenant" hint="Its id, or a domain of yours." />
          <Line {...props} name="clientId" label="Client id" />
          <Line {...props} name="apiUrl" label="API address" hint={cloud} optional />
          <Line {...props} name="loginUrl" label="Sign-in address" hint={cloud} optional />
        </>
      );
    case "crowdstrike":
      return (
        <>
          <Line {...props} name="clientId" label="Client id" />
          <Line {...props} name="apiUrl" label="API address" hint="US-1 when left out." optional />
        </>
      );
    case "okta":
      return <OktaFields {...props} />;
    case "entra":
      return (
        <>
          <Line {...props} name="tenant" label="Tenant" hint="Its id, or a domain of yours." />
          <Line {...props} name="clientId" label="Client id" />
          <Line {...props} name="graphUrl" label="Graph address" hint={cloud} optional />
          <Line {...props} name="loginUrl" label="Sign-in address" hint={cloud} optional />
        </>
      );
    case "block_list":
      return (
        <>
          <Line {...props} name="days" label="Days an entry stands" />
          <Lines
            {...props}
            name="domains"
            label="Own domains"
            hint="Never blocked, and nothing under or above them. One a line."
            optional
          />
        </>
      );
  }
}

function OktaFields(props: Props) {
  const { form, onChange } = props;
  return (
    <>
      <Line {...props} name="orgUrl" label="Organisation's address" hint="https://corp.okta.com" />
      <RadioField
        label="What the token is"
        name="scheme"
        value={form.scheme}
        options={[
          { value: "SSWS", label: "An API token (SSWS)" },
          { value: "Bearer", label: "An access token (Bearer)" },
        ]}
        onChange={(scheme) => onChange({ scheme })}
      />
      <CheckField
        label="The token may read the System Log"
        hint="Without it the end of sessions stays unverified."
        name="readsLog"
        checked={form.readsLog}
        onChange={(readsLog) => onChange({ readsLog })}
      />
    </>
  );
}

/** What opens the system. Never filled in: what was saved is not read back. */
export function CredentialFields(props: Props & { isNext: boolean }) {
  const { form, errors, onChange, isNext } = props;
  const name = { webhook: "keys", okta: "token" } as const;
  const secret = form.kind === "webhook" || form.kind === "okta" ? name[form.kind] : "clientSecret";
  const labels = { keys: "Signing keys", token: "Token", clientSecret: "Client secret" };
  const sealed = "Sealed for the worker before it is stored; each version is given its own.";
  const hasSecret = form.kind !== "block_list" && form.kind !== "simulated";
  const hasToken = RESPONDERS_WITH_TOKEN.includes(form.kind);
  return (
    <>
      {hasSecret ? (
        <TextField
          label={labels[secret]}
          name={secret}
          type="password"
          mono
          value={form[secret]}
          error={errors[secret] ?? null}
          hint={
            secret === "keys"
              ? `whsec_ or whsk_; several with a space between them, the one in force first. ${sealed}`
              : sealed
          }
          autoComplete="off"
          onChange={(event) => onChange({ [secret]: event.target.value })}
        />
      ) : null}
      {hasToken && isNext ? (
        <CheckField
          label="Give it a new token"
          hint="The present one stops at once."
          name="newToken"
          checked={form.newToken}
          onChange={(newToken) => onChange({ newToken })}
        />
      ) : null}
    </>
  );
}

export function WhereFields(props: Props) {
  if (props.form.kind === "block_list")
    return (
      <Lines
        {...props}
        name="networks"
        label="Own networks"
        hint="Never blocked. In CIDR notation, one a line."
        optional
      />
    );
  return (
    <>
      <Lines
        {...props}
        name="networks"
        label="Networks of your own it may be reached in"
        hint="In CIDR notation, one a line. Without any: public addresses, https, port 443."
        optional
      />
      <Lines
        {...props}
        name="ca"
        label="Certificate authority of your own"
        hint="PEM, believed beside the public ones."
        optional
      />
    </>
  );
}
