"use client";

import { CheckField, RadioField, TextField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { COPILOT_LIMITS } from "#lib/contracts/limits.ts";
import { TLP } from "#lib/domain/copilot/profile.ts";
import { NUMBER_FIELDS, PRICE_FIELDS } from "./model-form-state.ts";
import type { FormErrors, ModelForm, NumberField, PriceField } from "./model-form-state.ts";
import { SENSITIVITY_HINTS, SENSITIVITY_WORDS } from "./source-words.ts";

type Props = {
  form: ModelForm;
  errors: FormErrors;
  onChange: (part: Partial<ModelForm>) => void;
};

/** Which model, where it is, and what opens it. */
export function PlaceFields(props: Props & { isNameFixed: boolean }) {
  return (
    <>
      <NameFields {...props} />
      <ServerFields {...props} />
    </>
  );
}

function NameFields({ form, errors, onChange, isNameFixed }: Props & { isNameFixed: boolean }) {
  return (
    <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
      <TextField
        label="Name of the profile"
        name="name"
        value={form.name}
        readOnly={isNameFixed}
        error={errors["name"]}
        hint={
          isNameFixed
            ? "A new version keeps the name."
            : "Small letters, digits and . _ - such as on-prem-large."
        }
        maxLength={COPILOT_LIMITS.name}
        autoComplete="off"
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <TextField
        label="Model id"
        name="model"
        mono
        value={form.model}
        error={errors["model"]}
        hint="As the server knows it; one fixed version."
        maxLength={COPILOT_LIMITS.model}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange({ model: event.target.value })}
      />
    </div>
  );
}

function ServerFields({ form, errors, onChange }: Props) {
  return (
    <>
      <RadioField
        label="Server"
        name="provider"
        value={form.provider}
        options={[
          { value: "anthropic", label: "Anthropic" },
          {
            value: "compatible",
            label: "Another server that speaks the Messages protocol",
            hint: "vLLM, Ollama, llama.cpp, LM Studio, LiteLLM and the like.",
          },
        ]}
        onChange={(provider) => onChange({ provider })}
      />
      <TextField
        label="Address"
        name="baseUrl"
        mono
        optional={form.provider === "anthropic"}
        value={form.baseUrl}
        error={errors["baseUrl"]}
        hint="Without /v1/messages, such as http://127.0.0.1:8000."
        maxLength={COPILOT_LIMITS.address}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange({ baseUrl: event.target.value })}
      />
      <TextField
        label="Key"
        name="apiKey"
        type="password"
        mono
        optional={form.provider === "compatible"}
        value={form.apiKey}
        error={errors["apiKey"]}
        hint="Sealed for the worker before it is stored. Nobody is shown it again but its last four characters; each version is given its own."
        maxLength={COPILOT_LIMITS.key}
        autoComplete="off"
        onChange={(event) => onChange({ apiKey: event.target.value })}
      />
    </>
  );
}

/** How far it is trusted. */
export function TrustFields({ form, errors, onChange }: Props) {
  return (
    <>
      <CheckField
        label="It runs on our own premises"
        hint="Nothing that is sent to it leaves the organisation."
        name="isLocal"
        checked={form.isLocal}
        onChange={(isLocal) => onChange({ isLocal })}
      />
      {errors["isLocal"] ? (
        <p role="alert" className="text-xs text-danger">
          {errors["isLocal"]}
        </p>
      ) : null}
      <SelectField
        label="Most sensitive evidence it takes"
        name="accepts"
        value={form.accepts}
        error={errors["profile.accepts"]}
        hint="Records of more sensitive sources are withheld, and the summary says how many."
        options={TLP.map((value) => ({
          value,
          label: SENSITIVITY_WORDS[value],
          hint: SENSITIVITY_HINTS[value],
          disabled: value === "red" && !form.isLocal,
        }))}
        onChange={(accepts) => onChange({ accepts })}
      />
      <CheckField
        label="Send users, hosts, addresses and mailboxes as pseudonyms"
        hint="They are put back in the answer before it is checked. Secrets are replaced for every model."
        name="pseudonyms"
        checked={form.pseudonyms}
        onChange={(pseudonyms) => onChange({ pseudonyms })}
      />
      <CheckField
        label="Send claims that failed back once"
        hint="Both answers are kept; a mended claim is checked from zero."
        name="repairs"
        checked={form.repairs}
        onChange={(repairs) => onChange({ repairs })}
      />
    </>
  );
}

/** What the server understands of the protocol. */
export function AbilityFields({ form, onChange }: Props) {
  return (
    <>
      <RadioField
        label="Form of the answer"
        name="schema"
        value={form.schema}
        options={[
          { value: "enforced", label: "The server holds the answer to the schema" },
          {
            value: "prompted",
            label: "The schema stands in the prompt",
            hint: "For servers that ignore it: the answer is read with patience and checked.",
          },
        ]}
        onChange={(schema) => onChange({ schema })}
      />
      <CheckField
        label="It counts tokens before a request"
        name="countsTokens"
        checked={form.countsTokens}
        onChange={(countsTokens) => onChange({ countsTokens })}
      />
      <CheckField
        label="It keeps the prompt in a cache"
        name="caches"
        checked={form.caches}
        onChange={(caches) => onChange({ caches })}
      />
      <div className="w-52">
        <SelectField
          label="Effort"
          name="effort"
          value={form.effort}
          options={[
            { value: "none", label: "Not sent" },
            { value: "low", label: "Low" },
            { value: "medium", label: "Medium" },
            { value: "high", label: "High" },
          ]}
          onChange={(effort) => onChange({ effort })}
        />
      </div>
    </>
  );
}

const NUMBER_WORDS: Record<NumberField, string> = {
  windowTokens: "Window, in tokens",
  outputTokens: "Answer at most, in tokens",
  evidenceTokens: "Evidence at most, in tokens",
  concurrency: "Requests at one time",
  timeoutSeconds: "A request at most, in seconds",
  idleSeconds: "Silence at most, in seconds",
};
const PRICE_WORDS: Record<PriceField, string> = {
  input: "Input",
  output: "Output",
  cacheRead: "Read from the cache",
  cacheWrite: "Written to the cache",
};

export function SizeFields({ form, errors, onChange }: Props) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        {NUMBER_FIELDS.map((field) => (
          <TextField
            key={field}
            label={NUMBER_WORDS[field]}
            name={field}
            inputMode="numeric"
            value={form[field]}
            error={errors[`profile.${field}`]}
            onChange={(event) => onChange({ [field]: event.target.value })}
          />
        ))}
      </div>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="pb-1.5 text-xs text-dim">
          Price of a million tokens, in dollars. Budgets are kept by it.
        </legend>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          {PRICE_FIELDS.map((field) => (
            <TextField
              key={field}
              label={PRICE_WORDS[field]}
              name={field}
              inputMode="decimal"
              value={form[field]}
              error={errors[`profile.price.${field}`]}
              onChange={(event) => onChange({ [field]: event.target.value })}
            />
          ))}
        </div>
      </fieldset>
    </>
  );
}
