import { Check, Minus } from "lucide-react";
import type { ControlAnswer } from "#lib/domain/decision/controls.ts";
import { CONTROL_ANSWERS, CONTROLS, FRAMEWORKS } from "#lib/domain/decision/controls.ts";

/** `erased`: what nobody can tell any more. */
type Held = { answers: ControlAnswer[]; erased: ControlAnswer[] };

/** Which controls the decision answers, and by what; what it does not hold is said as plainly. */
export function ControlReferences({ answers, erased }: Held) {
  const keys = Object.keys(FRAMEWORKS) as (keyof typeof FRAMEWORKS)[];
  return (
    <aside aria-label="Control references" className="flex min-w-0 flex-col gap-4 text-xs">
      <div>
        <h2 className="text-base font-semibold">Control references</h2>
        <p className="text-dim">
          What of this decision an examiner may look at for a control. It is no statement of
          conformity, and whether a rule applies is for its reader to say.
        </p>
      </div>
      {keys.map((key) => (
        <section key={key} aria-label={FRAMEWORKS[key].name}>
          <h3 className="font-medium">{FRAMEWORKS[key].name}</h3>
          <p className="record mb-1 text-2xs wrap-anywhere text-faint">{FRAMEWORKS[key].source}</p>
          <ul className="flex flex-col">
            {CONTROLS.filter(({ framework }) => framework === key).map((control) => (
              <li key={control.id} className="border-b border-line/60 py-1.5 last:border-b-0">
                <p>
                  <span className="font-medium">{control.id}</span>
                  {control.id === control.title ? null : ` ${control.title}`}
                  <span className="text-dim">. {control.about}</span>
                </p>
                <ul>
                  {control.answers.map((answer) => (
                    <Answer
                      key={answer}
                      answer={answer}
                      held={answers.includes(answer)}
                      erased={erased.includes(answer)}
                    />
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </aside>
  );
}

type AnswerProps = { answer: ControlAnswer; held: boolean; erased: boolean };

function Answer({ answer, held, erased }: AnswerProps) {
  const Glyph = held ? Check : Minus;
  return (
    <li className="mt-0.5 flex gap-1.5">
      <Glyph
        className={
          held ? "mt-0.5 size-3.5 shrink-0 text-ok" : "mt-0.5 size-3.5 shrink-0 text-faint"
        }
        strokeWidth={1.5}
        aria-hidden
      />
      <span className={held ? undefined : "text-dim"}>
        {held ? null : erased ? "Not known since the erasure: " : "Not in this decision: "}
        {CONTROL_ANSWERS[answer]}
      </span>
    </li>
  );
}
