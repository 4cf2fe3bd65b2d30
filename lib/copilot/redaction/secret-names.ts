import {
  argumentAt,
  assignedAt,
  isPlaceholder,
  isStrong,
  lineAt,
  urlPasswordAt,
  type Found,
} from "./secret-values.ts";

/** Secrets known by the name or the flag before them. */
export type NameRule = {
  kind: string;
  hints: readonly string[];
  /** Ends where the value begins. */
  regex: RegExp;
  read: (text: string, at: number) => Found | null;
  accept: (value: string, text: string, found: Found) => boolean;
};

/** Behind a name: `=`, `:`, `=>`, `":"`, `\\":\\"`, `>`; with quotation marks and escapes of any depth. */
const SIGN = "[\"'\\\\\\])]{0,5}\\s{0,3}(?::=|=>|==|[=:>])\\s{0,3}";

export const NAME_RULES: readonly NameRule[] = [
  {
    kind: "authorization",
    hints: ["authorization"],
    regex: new RegExp(`(?:proxy-)?authorization${SIGN}["'\\\\]{0,3}`, "gi"),
    read: lineAt,
    accept: (value) =>
      value.length >= 6 && (/[\d=]/.test(value) || (/[A-Z]/.test(value) && /[a-z]/.test(value))),
  },
  {
    kind: "cookie",
    hints: ["cookie"],
    regex: new RegExp(`(?:set-)?cookies?2?${SIGN}["'\\\\]{0,3}`, "gi"),
    read: lineAt,
    accept: (value) => value.includes("=") || isStrong(value),
  },
  {
    kind: "cookie",
    hints: ["sess", "sid=", "estsauth", "aspxauth", "fedauth", "rtfa=", "__secure-", "__host-"],
    regex:
      /(?:JSESSIONID|PHPSESSID|ASPSESSIONID\w{0,12}|ASP\.NET_SessionId|connect\.sid|sessionid|session_id|sid|ESTSAUTH(?:PERSISTENT|LIGHT)?|\.ASPXAUTH|FedAuth|rtFa|__(?:Secure|Host)-[\w.-]{1,60}|laravel_session|[\w.-]{0,40}session(?:_?token)?)=/gi,
    read: assignedAt,
    accept: (value) => isStrong(value) && !value.startsWith("S-1-"),
  },
  {
    kind: "cookie",
    hints: [".aspnetcore.", "wordpress_logged_in", "csrftoken", "xsrf-token"],
    regex:
      /(?:\.AspNetCore\.[\w.]{1,60}|wordpress_(?:logged_in|sec)_\w{1,64}|csrftoken|xsrf-token)=/gi,
    read: assignedAt,
    accept: (value) => value.length >= 8,
  },
  {
    kind: "authorization",
    hints: ["bearer"],
    regex: /\bbearer(?:\s{1,3}|%20|\+)/gi,
    read: argumentAt,
    accept: (value) => value.length >= 12 && /\d|[._~+/-]/.test(value),
  },
  {
    kind: "authorization",
    hints: ["basic "],
    regex: /\bbasic /gi,
    read: argumentAt,
    accept: isBasicPair,
  },
  {
    kind: "authorization",
    hints: ["x-", "api-key", "apikey"],
    regex: new RegExp(
      `(?:x-[\\w-]{0,40}(?:key|token|auth|secret|password|signature)|api-?key|private-token|ocp-apim-subscription-key)${SIGN}["'\\\\]{0,3}`,
      "gi",
    ),
    read: assignedAt,
    accept: (value) => value.length >= 8 && !isPlaceholder(value),
  },
  {
    kind: "authorization",
    hints: ["authorization", "cookie", "-token", "api-key"],
    regex:
      /"name\\{0,2}"\s{0,3}:\s{0,3}\\{0,2}"(?:(?:proxy-)?authorization|(?:set-)?cookie|[\w-]{0,40}(?:token|api-?key))\\{0,2}"\s{0,3},\s{0,8}\\{0,2}"value\\{0,2}"\s{0,3}:\s{0,3}/gi,
    read: assignedAt,
    accept: (value) => !isPlaceholder(value),
  },
  {
    kind: "connection_string",
    hints: ["://"],
    regex: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@"'<>?#]{0,200}:/gi,
    read: urlPasswordAt,
    accept: (value) => !isPlaceholder(value),
  },
  {
    kind: "connection_string",
    hints: ["accountkey", "sharedaccess", "sharedsecret"],
    regex: new RegExp(
      `(?:accountkey|sharedaccess(?:key|signature)|sharedsecret\\w{0,8})${SIGN}`,
      "gi",
    ),
    read: assignedAt,
    accept: (value) => value.length >= 8 && !isPlaceholder(value),
  },
  {
    kind: "password",
    hints: ["pass", "pwd", "kennwort"],
    regex: new RegExp(
      `(?:pass(?:w(?:or)?d|phrase|wd|code)?|pwd|kennwort)(?:_?(?:value|text|plain|string))?${SIGN}`,
      "gi",
    ),
    read: assignedAt,
    accept: isPassword,
  },
  {
    kind: "secret",
    hints: ["secret"],
    regex: new RegExp(
      `(?<![:/])secret(?:[_ .-]?(?:key|access[_ -]?key|value|text|token|string))?${SIGN}`,
      "gi",
    ),
    read: assignedAt,
    accept: (value) =>
      !isPlaceholder(value) && ((value.length >= 8 && /[\d\W]/.test(value)) || isStrong(value)),
  },
  {
    kind: "secret",
    hints: ["key"],
    regex: new RegExp(
      `(?:api|access|account|master|encryption|signing|private|shared|storage|subscription|auth)[_ .-]?key${SIGN}`,
      "gi",
    ),
    read: assignedAt,
    accept: (value) => !isPlaceholder(value) && isStrong(value),
  },
  {
    kind: "token",
    hints: ["token"],
    regex: new RegExp(`(?<!PublicKey|next|continuation|page|sync)(?:token|tok)${SIGN}`, "gi"),
    read: assignedAt,
    accept: (value) => !isPlaceholder(value) && isStrong(value),
  },
  {
    kind: "ntlm",
    hints: ["ntlm", "/rc4", "/aes", "-hashes", "nthash", "lmhash", "-h "],
    regex:
      /(?:\bntlm\s{0,4}[:=]\s{0,4}|\/(?:rc4|ntlm|aes(?:128|256))[:=]|-(?:hashes|H|nthash|aesKey)[\s=]{1,3}|\b(?:nt|lm)[ _-]?hash["']{0,2}\s{0,4}[:=]\s{0,4})["':]{0,2}(?=[0-9a-f]{16})/gi,
    read: (text, at) => hexAt(text, at),
    accept: () => true,
  },
];

/** A name in a sentence ("the password: was wrong") is followed by a word that ends neither line nor quotes. */
function isPassword(value: string, text: string, { start, end }: Found): boolean {
  if (isPlaceholder(value)) return false;
  if (/^\d{1,4}$/.test(value) && /\bpass\W{1,6}$/i.test(text.slice(Math.max(0, start - 12), start)))
    return false; // "pass": 12 of a score
  const before = text.slice(Math.max(0, start - 8), start);
  if (/pwd\W{1,6}$/i.test(before) && /^(?:\/|[a-z]:[\\/])/i.test(value)) return false;
  const isProse = /: {1,3}$/.test(before) && !/["']\s{0,3}: {1,3}$/.test(before);
  if (!isProse) return true;
  return /[^a-z]/i.test(value) || /^(?:$|[\r\n"'<]|\\[rn"])/.test(text.slice(end, end + 2));
}

/** `user:password` in base64. */
function isBasicPair(value: string): boolean {
  if (!/^[A-Za-z0-9+/_-]{6,512}={0,2}$/.test(value)) return false;
  return /^[\x20-\x7e]{1,200}:[\x20-\x7e]{0,200}$/.test(atobText(value));
}

function atobText(value: string): string {
  return Buffer.from(value, "base64").toString("latin1");
}

function hexAt(text: string, at: number): Found | null {
  const run = /[0-9a-f]{16,128}(?::[0-9a-f]{16,64})?/iy;
  run.lastIndex = at;
  const found = run.exec(text);
  return found ? { start: at, end: at + found[0].length } : null;
}
