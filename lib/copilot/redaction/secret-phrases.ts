import type { NameRule } from "./secret-names.ts";
import { argumentAt, isPlaceholder, type Found } from "./secret-values.ts";

/** Commands and statements that have a word of their own before the password. */
export const PHRASE_RULES: readonly NameRule[] = [
  phrase("convertto-securestring", /\bConvertTo-SecureString["']?\s{1,4}(?:-String\s{1,4})?/gi),
  phrase(
    "pscredential",
    /\bPSCredential["']?\s{0,4}\(\s{0,4}["'][^"'\n]{1,100}["']\s{0,4},\s{0,4}\(?\s{0,4}(?=["'])/gi,
  ),
  phrase("/pass:", /[/-]pass?:/gi),
  phrase("/pwd:", /[/-]pwd:/gi),
  phrase(
    "defaultpassword",
    /DefaultPassword["'\\]{0,4}[\s,]{1,4}(?:["'\\]{0,4}\/t["'\\]{0,4}[\s,]{1,4}["'\\]{0,4}\w{1,16}["'\\]{0,4}[\s,]{1,4})?["'\\]{0,4}\/d["'\\]{0,4}[\s,]{1,4}/gi,
  ),
  phrase(
    "defaultpassword",
    /DefaultPassword\\{0,2}"?\s{0,3},[^\n{}]{0,60}?"(?:details|value|newvalue|data|registryvaluedata)\\{0,2}"\s{0,3}:\s{0,3}/gi,
  ),
  phrase("-password", /(?<![\w-])--?(?:\w{0,20}password|passphrase|passwd)\s{1,4}(?![-/])/gi),
  phrase("identified", /\bidentified\s{1,4}by\s{1,4}(?:password\s{1,4})?(?=["'])/gi),
  phrase("password '", /\bpassword\s{1,4}(?=')/gi),
  phrase("pass:", /(?<![\w/-])pass:(?=[^\s"'])/gi),
  {
    kind: "password",
    hints: ["sudo", "chpasswd", "--stdin"],
    regex:
      /\becho\s{1,3}(?:-[neE]{1,3}\s{1,3})?(?=[^|\n]{1,200}\|\s{0,3}(?:sudo\b[^\n|]{0,60}-S|(?:sudo\s{1,3})?chpasswd|passwd\b[^\n|]{0,40}--stdin))/gi,
    read: behindAccount,
    accept: (value) => !isPlaceholder(value),
  },
  {
    kind: "password",
    hints: ["@"],
    // `DOMAIN/name:password@host`; the sign comes first in the expression, since it is rare
    regex:
      /:(?=[^\s"'@/\\:]{1,128}@[\w.-])(?<=(?<![\w:/\\.@-])[\w.-]{1,64}[/\\]{1,4}[\w.$-]{1,64}:)/g,
    read: (text, at) => {
      const end = text.indexOf("@", at);
      return end === -1 ? null : { start: at, end };
    },
    accept: (value, text, { end }) => !text.startsWith("@sha", end) && !isPlaceholder(value),
  },
];

function phrase(hint: string, regex: RegExp): NameRule {
  return {
    kind: "password",
    hints: [hint],
    regex,
    read: argumentAt,
    accept: (value) => !isPlaceholder(value) && !/^[-$(]/.test(value),
  };
}

/** `name:password` or a password alone. */
function behindAccount(text: string, at: number): Found | null {
  const value = argumentAt(text, at);
  if (!value) return null;
  const sign = text.slice(value.start, value.end).search(/^[\w.$-]{1,64}:./);
  if (sign === -1) return value;
  return { start: text.indexOf(":", value.start) + 1, end: value.end };
}
