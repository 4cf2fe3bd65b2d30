import type { ReactNode } from "react";
import type { Role } from "#lib/domain/people/permissions.ts";
import { cx } from "#components/ui/cx.ts";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { HostileText } from "./hostile-text.tsx";
import { Avatar, ROLE_WORDS } from "./person-chip.tsx";

/** A machine wrote it down: monospace on a sunken surface, never reflowed unless asked. */
export function RecordText({
  wrap = false,
  label,
  className,
  children,
}: {
  wrap?: boolean;
  label?: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <pre
      data-voice="record"
      aria-label={label}
      tabIndex={wrap ? undefined : 0}
      role={label ? "region" : undefined}
      className={cx(
        "record rounded-control bg-sunken px-3 py-2 text-text",
        wrap ? "whitespace-pre-wrap wrap-anywhere" : "overflow-x-auto whitespace-pre",
        className,
      )}
    >
      {children}
    </pre>
  );
}

type ModelTextProps = {
  /** The model's id, as it answered. */
  model: string;
  promptVersion?: string | null;
  /** When it was written, ISO 8601. */
  at?: string | null;
  /** What kind of text it is: "draft, not final". */
  aside?: ReactNode;
  label?: boolean;
  className?: string;
  children: ReactNode;
};

/** The model says: a violet rule and its label; never bold, never a colour of verdict. */
export function ModelText(props: ModelTextProps) {
  const { label = true, className, children } = props;
  return (
    <div data-voice="model" className={cx("border-l-2 border-model pl-3 font-normal", className)}>
      {label ? <ModelLabel {...props} /> : null}
      {children}
    </div>
  );
}

/** Whose words these are, in the open: the model, its id, when. The prompt's version on hover. */
export function ModelLabel({
  model,
  promptVersion,
  at,
  aside,
}: Pick<ModelTextProps, "model" | "promptVersion" | "at" | "aside">) {
  return (
    <p
      title={promptVersion ? `Prompt ${promptVersion}` : undefined}
      className="mb-0.5 flex flex-wrap items-baseline gap-x-1.5 text-2xs text-model"
    >
      <span className="font-medium">Model</span>
      <span aria-hidden>·</span>
      <span className="wrap-anywhere">
        <HostileText text={model} />
      </span>
      {at ? (
        <>
          <span aria-hidden>·</span>
          <ExactTime at={at} />
        </>
      ) : null}
      {aside ? (
        <>
          <span aria-hidden>·</span>
          <span>{aside}</span>
        </>
      ) : null}
      {promptVersion ? <span className="sr-only">prompt {promptVersion}</span> : null}
    </p>
  );
}

/** Composed by rules: like a record, with a grey rule. */
export function RulesText({
  generator,
  label = true,
  className,
  children,
}: {
  generator?: string;
  label?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div data-voice="rules" className={cx("border-l-2 border-rules pl-3", className)}>
      {label ? (
        <p className="mb-0.5 text-2xs font-medium text-dim" title={generator}>
          Composed by rules
        </p>
      ) : null}
      {children}
    </div>
  );
}

type PersonTextProps = {
  name: string;
  role?: Role;
  when?: ReactNode;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
};

/** A person says: initials and a solid ink-blue rule. */
export function PersonText({ name, role, when, aside, className, children }: PersonTextProps) {
  return (
    <div data-voice="person" className={cx("border-l-2 border-accent pl-3", className)}>
      <p className="mb-0.5 flex items-center gap-1.5 text-2xs text-dim">
        <Avatar name={name} />
        <span className="font-medium text-text">{name}</span>
        {role ? <span>{ROLE_WORDS[role]}</span> : null}
        {when}
        {aside}
      </p>
      {children}
    </div>
  );
}

/** A small seal beside a signature; what opens its proof. */
export function SealGlyph({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 16 16"
      className={cx("size-4 shrink-0", className)}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinejoin="round"
    >
      <path d="M8 1.6 9.6 3l2.1-.2.5 2.1 1.8 1.1L13.2 8l.8 2-1.8 1.1-.5 2.1-2.1-.2L8 14.4 6.4 13l-2.1.2-.5-2.1L2 10l.8-2L2 6l1.8-1.1.5-2.1 2.1.2Z" />
      <path d="m5.8 8.1 1.5 1.5 2.9-3.2" strokeLinecap="round" />
    </svg>
  );
}
