/** What stood in one place of the list of claims: a parsed value, or why there is none. */
export type ScannedItem = { ok: true; value: unknown } | { ok: false; reason: string };

export type ItemScanner = {
  /** Takes the next piece of the answer's text; calls `onItem` for each item that closes in it. */
  push: (text: string) => void;
  /** The object that was asked for has been read to its end. */
  isWhole: () => boolean;
  /** Something other than white space stood before the object. */
  hadPreamble: () => boolean;
};

/** An item of more characters is not a claim. */
const ITEM_CHARS_MAX = 100_000;
/** A claim needs four. */
const ITEM_DEPTH_MAX = 32;

type Phase =
  /** Looking for the beginning of the answer: prose and code fences may stand before it. */
  | "before"
  /** In the object, before a key, a comma or the end. */
  | "members"
  | "key"
  /** After a key: its colon, then its value. */
  | "value"
  /** In a value that is not the list of claims. */
  | "skip"
  /** In the list of claims, between items. */
  | "items"
  | "item"
  | "after";

type State = {
  phase: Phase;
  /** Open brackets in a skipped value or an item, and the most there were. */
  depth: number;
  deepest: number;
  inText: boolean;
  isEscaped: boolean;
  /** The opening bracket of the answer, while what follows it decides whether it is one. */
  opening: "" | "{" | "[";
  key: string;
  item: string[];
  itemLength: number;
  /** The answer is the list itself, without the object around it. */
  isBareList: boolean;
  sawList: boolean;
  sawItem: boolean;
  preamble: boolean;
};

const WHITE = /\s/;

/**
 * Reads `{"claims":[...]}` piece by piece, in linear time and without recursion whatever the text is. Lenient about
 * what servers without schema enforcement put around it: prose, code fences, other members, a list without its
 * object. Each item is parsed by itself, so a broken one costs no other.
 */
export function scanItems(onItem: (item: ScannedItem) => void): ItemScanner {
  const state = begin();
  return {
    push: (text) => {
      for (let at = 0; at < text.length;) at = step(state, text, at, onItem);
    },
    isWhole: () => state.phase === "after",
    hadPreamble: () => state.preamble,
  };
}

function begin(): State {
  return {
    phase: "before",
    depth: 0,
    deepest: 0,
    inText: false,
    isEscaped: false,
    opening: "",
    key: "",
    item: [],
    itemLength: 0,
    isBareList: false,
    sawList: false,
    sawItem: false,
    preamble: false,
  };
}

/** Takes in at least one character from `at`; returns the place after what it took. */
function step(state: State, text: string, at: number, onItem: (item: ScannedItem) => void): number {
  const char = text.charAt(at);
  switch (state.phase) {
    case "before":
      return lookForOpening(state, char, at);
    case "members":
      return readMember(state, char, at);
    case "key":
      return readKey(state, char, at);
    case "value":
      return beginValue(state, char, at);
    case "skip":
      return readNested(state, text, at, () => {
        state.phase = "members";
      });
    case "items":
      return betweenItems(state, char, at, onItem);
    case "item":
      return readItem(state, text, at, onItem);
    case "after":
      return text.length;
  }
}

function lookForOpening(state: State, char: string, at: number): number {
  if (WHITE.test(char)) return at + 1;
  const { opening } = state;
  state.opening = "";
  if (opening === "{" && (char === '"' || char === "}")) {
    state.phase = "members";
    return at;
  }
  if (opening === "[" && char === "{") {
    state.isBareList = true;
    state.phase = "items";
    return at;
  }
  if (char === "{" || char === "[") state.opening = char;
  else state.preamble = true;
  if (opening !== "") state.preamble = true;
  return at + 1;
}

function readMember(state: State, char: string, at: number): number {
  if (WHITE.test(char) || char === ",") return at + 1;
  if (char === '"') {
    state.phase = "key";
    state.key = "";
    state.isEscaped = false;
    return at + 1;
  }
  // the end of an object without the list, or no JSON: what was asked for may still follow
  state.phase = char === "}" && state.sawList ? "after" : "before";
  if (state.phase === "before") state.preamble = true;
  return char === "}" ? at + 1 : at;
}

function readKey(state: State, char: string, at: number): number {
  if (state.isEscaped) state.isEscaped = false;
  else if (char === "\\") state.isEscaped = true;
  else if (char === '"') {
    state.phase = "value";
    return at + 1;
  }
  if (state.key.length < 64) state.key += char;
  return at + 1;
}

function beginValue(state: State, char: string, at: number): number {
  if (WHITE.test(char) || char === ":") return at + 1;
  if (char === "[" && state.key === "claims" && !state.sawList) {
    state.phase = "items";
    state.sawList = true;
    return at + 1;
  }
  state.phase = "skip";
  state.depth = 0;
  state.inText = false;
  return at;
}

function betweenItems(
  state: State,
  char: string,
  at: number,
  onItem: (item: ScannedItem) => void,
): number {
  if (WHITE.test(char) || char === ",") return at + 1;
  if (char === "]") {
    state.phase = state.isBareList ? "after" : "members";
    return at + 1;
  }
  if (char === "}" || char === ":") {
    onItem({ ok: false, reason: "it is not JSON" });
    return at + 1;
  }
  state.phase = "item";
  state.depth = 0;
  state.deepest = 0;
  state.inText = false;
  state.item = [];
  state.itemLength = 0;
  return at;
}

function readItem(
  state: State,
  text: string,
  at: number,
  onItem: (item: ScannedItem) => void,
): number {
  const end = readNested(state, text, at, () => {
    state.phase = "items";
  });
  state.itemLength += end - at;
  if (state.itemLength <= ITEM_CHARS_MAX) state.item.push(text.slice(at, end));
  else state.item = [];
  if (state.phase === "item") return end;
  const item = parseItem(state);
  if (item.ok || state.sawItem || !state.isBareList) {
    state.sawItem = true;
    onItem(item);
  } else {
    // "[{name}]" in prose: not the answer
    state.isBareList = false;
    state.phase = "before";
    state.preamble = true;
  }
  return end;
}

function parseItem({ item, itemLength, deepest }: State): ScannedItem {
  if (deepest > ITEM_DEPTH_MAX) return { ok: false, reason: "it is nested too deeply" };
  if (itemLength > ITEM_CHARS_MAX) return { ok: false, reason: "it is too long" };
  try {
    return { ok: true, value: JSON.parse(item.join("")) as unknown };
  } catch {
    return { ok: false, reason: "it is not JSON" };
  }
}

/** Reads on in one JSON value; calls `onEnd` when it has been read to its end, which may be the end of a scalar. */
function readNested(state: State, text: string, from: number, onEnd: () => void): number {
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (state.inText) {
      if (state.isEscaped) state.isEscaped = false;
      else if (char === 0x5c) state.isEscaped = true;
      else if (char === 0x22) state.inText = false;
      continue;
    }
    if (char === 0x22) {
      state.inText = true;
      state.isEscaped = false;
    } else if (char === 0x7b || char === 0x5b) {
      state.depth += 1;
      state.deepest = Math.max(state.deepest, state.depth);
    } else if (state.depth === 0 && isDelimiter(char)) {
      onEnd();
      return at;
    } else if (char === 0x7d || char === 0x5d) {
      state.depth -= 1;
      if (state.depth > 0) continue;
      onEnd();
      return at + 1;
    }
  }
  return text.length;
}

/** What ends a value that has no bracket of its own. */
function isDelimiter(char: number): boolean {
  return char === 0x2c || char === 0x7d || char === 0x5d;
}
