import { cx } from "#components/ui/cx.ts";
import type { Sentence } from "#lib/domain/sentence.ts";
import { HostileText } from "./hostile-text.tsx";

/** A sentence of ours; what somebody else wrote in it is set apart by its ground, which no text can draw. */
export function SentenceText({ sentence }: { sentence: Sentence }) {
  if (typeof sentence === "string") return sentence;
  return sentence.map((part, n) =>
    typeof part === "string" ? part : <SaidText key={n} text={part.said} />,
  );
}

/** Somebody else's words. Several lines stand as a block with every break shown, so that none begins a sentence of ours. */
export function SaidText({ text }: { text: string }) {
  const lines = text.split("\n");
  const isBlock = lines.length > 1;
  return (
    <q
      data-voice="said"
      className={cx(
        "bg-sunken before:content-none after:content-none",
        isBlock
          ? "my-1 block rounded-r-control border-l-2 border-accent py-1 pr-2 pl-3"
          : "rounded-[3px] box-decoration-clone px-0.5 py-px",
      )}
    >
      <span className="sr-only">quote: </span>
      {lines.map((line, n) => (
        <span key={n} className={isBlock ? "block" : undefined}>
          <HostileText text={line} lines />
          {n < lines.length - 1 ? (
            <span className="ml-1 text-faint select-none" title="A line break">
              <span aria-hidden>¶</span>
              <span className="sr-only"> line break</span>
            </span>
          ) : null}
        </span>
      ))}
      <span className="sr-only"> end of quote</span>
    </q>
  );
}
