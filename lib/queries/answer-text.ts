import { answerText } from "#lib/copilot/answer-text.ts";

/** The model's own text out of a stored answer; null when none can be told apart in it. */
export function textOfAnswer(response: string | null): string | null {
  if (response === null) return null;
  const text = answerText(response);
  return text === "" ? null : text;
}
