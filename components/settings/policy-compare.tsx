"use client";

import { useRouter } from "next/navigation";
import { SelectField } from "#components/ui/select.tsx";

type Props = { version: number; against: number | null; versions: readonly number[] };

/** Which version this one is compared with; the choice is in the address. */
export function PolicyCompare({ version, against, versions }: Props) {
  const router = useRouter();
  const options = versions
    .filter((one) => one !== version)
    .map((one) => ({ value: String(one), label: `Version ${one}` }));
  if (options.length === 0) return null;
  return (
    <div className="w-44">
      <SelectField
        label="Compare with"
        value={against === null ? null : String(against)}
        options={options}
        onChange={(one) => router.push(`/settings/policy/${version}?against=${one}`)}
      />
    </div>
  );
}
