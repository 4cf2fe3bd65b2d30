import { SelectField } from "./select.tsx";

const EVERY = "every";

type Props<T extends string> = {
  label: string;
  value: T | null;
  /** What it says when nothing is left out. */
  every: string;
  words: readonly (readonly [T, string])[];
  onChange: (value: T | null) => void;
};

/** A filter over a list: one value, or every one. */
export function FilterSelect<T extends string>({ label, value, every, words, onChange }: Props<T>) {
  return (
    <SelectField<T | typeof EVERY>
      label={label}
      labelHidden
      value={value ?? EVERY}
      options={[
        { value: EVERY, label: every },
        ...words.map(([one, word]) => ({ value: one, label: word })),
      ]}
      onChange={(chosen) => onChange(chosen === EVERY ? null : chosen)}
    />
  );
}
