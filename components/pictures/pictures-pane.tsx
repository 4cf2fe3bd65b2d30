"use client";

import { useState } from "react";
import { Segmented } from "#components/ui/segmented.tsx";
import { AttackPicture } from "./attack-picture.tsx";
import type { ClaimOrigins } from "./attack-tags.ts";
import { GraphPicture } from "./graph-picture.tsx";
import type { PictureActs, PictureLook } from "./looks.ts";
import { ProcessPicture } from "./process-picture.tsx";

type Props = PictureActs & {
  incidentId: string;
  look: PictureLook;
  onLook: (look: PictureLook) => void;
  /** Positions of the records that the claim in hand cites. */
  cited: ReadonlySet<number>;
  /** Who makes each claim of the summaries in view. */
  origins: ClaimOrigins;
};

const LOOKS = [
  { value: "graph", label: "Entities" },
  { value: "processes", label: "Processes" },
  { value: "path", label: "Attack path" },
  { value: "matrix", label: "Matrix" },
] as const;

const FORMS = [
  { value: "picture", label: "Picture" },
  { value: "table", label: "Table" },
] as const;
export type Form = (typeof FORMS)[number]["value"];

/** The incident in pictures, each of which is a table too. */
export function PicturesPane({ look, onLook, ...props }: Props) {
  const [form, setForm] = useState<Form>("picture");
  return (
    <div className="@container flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-b px-3 py-1.5">
        <Segmented label="Picture" value={look} options={LOOKS} onChange={onLook} />
        <Segmented
          label="Shown as"
          value={form}
          options={FORMS}
          onChange={setForm}
          className="ml-auto"
        />
      </div>
      {look === "graph" ? <GraphPicture {...props} form={form} /> : null}
      {look === "processes" ? <ProcessPicture {...props} form={form} /> : null}
      {look === "path" || look === "matrix" ? (
        <AttackPicture {...props} look={look} form={form} />
      ) : null}
    </div>
  );
}
