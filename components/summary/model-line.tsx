import { CircleOff } from "lucide-react";
import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { DockLine } from "./dock-line.tsx";

type Props = {
  sentence: string;
  /** Whether the reader may see how models are set up. */
  seesModels: boolean;
};

/** Why nothing is asked of a model now, in one line. */
export function ModelLine({ sentence, seesModels }: Props) {
  return (
    <DockLine
      icon={<CircleOff className="size-3.5 shrink-0" strokeWidth={1.5} aria-hidden />}
      action={
        seesModels ? (
          <Link href="/models" className="shrink-0 text-accent underline-offset-2 hover:underline">
            Models
          </Link>
        ) : null
      }
    >
      <HostileText text={sentence} />
    </DockLine>
  );
}
