import type { NoteLine, NoteSpan } from "#lib/domain/incident/note-markdown.ts";
import { noteLines } from "#lib/domain/incident/note-markdown.ts";
import { cx } from "#components/ui/cx.ts";
import { HostileText } from "./hostile-text.tsx";

const LINES: Record<NoteLine["kind"], string> = {
  text: "",
  heading: "font-semibold",
  bullet: "pl-4 -indent-3",
  number: "pl-5 -indent-4",
  quote: "border-l border-line-strong pl-2 text-dim",
  code: "record bg-sunken px-1.5 whitespace-pre-wrap",
};

/** A note with the little markdown that it may have. Every word passes `HostileText`, and nothing of it can be pressed. */
export function NoteText({ text }: { text: string }) {
  return noteLines(text).map((line, at) => (
    // a note never changes: a line's place is its name
    <span key={at} className={cx("block min-h-[1lh]", LINES[line.kind])}>
      {line.mark ? `${line.mark} ` : null}
      {line.spans.map((span, place) => (
        <Span key={place} span={span} />
      ))}
    </span>
  ));
}

function Span({ span: { text, look } }: { span: NoteSpan }) {
  const words = <HostileText text={text} lines />;
  switch (look) {
    case "strong":
      return <strong className="font-semibold">{words}</strong>;
    case "stress":
      return <em>{words}</em>;
    case "code":
      return <code className="record rounded-[2px] bg-sunken px-0.5">{words}</code>;
    case "plain":
      return words;
  }
}
