"use client";

import { SelectField } from "#components/ui/select.tsx";
import type { ModelConfig } from "#lib/domain/copilot/profile.ts";

/** Where a profile may begin. */
export type Preset = {
  id: string;
  label: string;
  hint: string;
  needsKey: boolean;
} & Omit<ModelConfig, "id" | "version">;

type Props = {
  presets: readonly Preset[];
  chosen: string | null;
  onChoose: (preset: Preset) => void;
};

export function ModelPresets({ presets, chosen, onChoose }: Props) {
  return (
    <SelectField
      label="Model or kind of server"
      name="preset"
      value={chosen}
      options={presets.map(({ id, label, hint }) => ({ value: id, label, hint }))}
      hint={presets.find(({ id }) => id === chosen)?.hint}
      onChange={(id) => {
        const preset = presets.find((each) => each.id === id);
        if (preset) onChoose(preset);
      }}
    />
  );
}
