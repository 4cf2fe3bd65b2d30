/**
 * The text that the model wrote, from the stored body of an answer: the text deltas of an event stream
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html), in order. "" for any other body.
 */
export function answerText(response: string): string {
  const texts: string[] = [];
  let data: string[] = [];
  for (const line of response.split(/\r\n|\n|\r/)) {
    if (line.startsWith("data:")) data.push(line.slice(5));
    else if (line === "") {
      texts.push(textOf(data.join("\n")));
      data = [];
    }
  }
  return texts.join("");
}

function textOf(data: string): string {
  if (data === "") return "";
  try {
    const event = JSON.parse(data) as {
      type?: unknown;
      delta?: { type?: unknown; text?: unknown };
    };
    if (event.type !== "content_block_delta" || event.delta?.type !== "text_delta") return "";
    return typeof event.delta.text === "string" ? event.delta.text : "";
  } catch {
    return "";
  }
}
