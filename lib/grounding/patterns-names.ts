import type { Pattern } from "./patterns.ts";

/** Identifiers known by their form alone, and accounts in the spellings of Windows and Kubernetes. */
export const NAME_PATTERNS: Pattern[] = [
  {
    type: "guid",
    regex: /(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/gi,
    needs: /[0-9a-f]{8}-[0-9a-f]{4}-/i,
  },
  { type: "sid", regex: /(?<![\w-])S-1-\d{1,3}(?:-\d{1,12}){1,15}(?![\w-])/gi, needs: /s-1-/i },
  {
    type: "hash",
    regex:
      /(?<![\w-])(?:[0-9a-f]{128}|[0-9a-f]{96}|[0-9a-f]{64}|[0-9a-f]{56}|[0-9a-f]{40}|[0-9a-f]{32})(?![\w-])/gi,
    needs: /[0-9a-f]{32}/i,
  },
  {
    type: "hash",
    regex: /(?<![\w:+/])\d{1,6}:[A-Za-z0-9+/]{6,128}:[A-Za-z0-9+/]{6,128}(?![\w:+/])/g,
    needs: /:[A-Za-z0-9+/]{6,128}:/,
  },
  { type: "cve", regex: /(?<![\w-])CVE-\d{4}-\d{4,7}(?![\w-])/gi, needs: /cve-/i },
  {
    type: "technique",
    regex: /(?<![\w.-])T\d{4}(?:[./]\d{1,3})?(?![\w-]|\.\d)/gi,
    needs: /t\d{4}/i,
  },
  { type: "tactic_id", regex: /(?<![\w.-])TA\d{4}(?![\w-])/gi, needs: /ta\d{4}/i },
  {
    type: "user",
    regex:
      /(?<![\w\\])(?:NT AUTHORITY|NT SERVICE|BUILTIN|Window Manager|Font Driver Host|IIS APPPOOL|NT VIRTUAL MACHINE)\\(?:(?:LOCAL|NETWORK) SERVICE|ANONYMOUS LOGON|Authenticated Users|Remote Desktop Users|Backup Operators|[\w.$-]{1,64})/gi,
    needs: /\\/,
  },
  {
    type: "user",
    regex:
      /(?<![\w\\])(?:ANONYMOUS LOGON|(?:LOCAL|NETWORK) SERVICE|LOCAL SYSTEM|LocalSystem|krbtgt)(?![\w\\])/g,
  },
  {
    type: "user",
    regex:
      /(?<=\b(?:as|by|user|account|for|under|from|of) (?:the )?(?:built-in |local )?)(?:SYSTEM|root|Administrator|Guest|www-data|nobody|DefaultAccount)(?![\w\\.@-])/g,
  },
  {
    type: "user",
    regex: /(?<![\w\\.@-])(?:SYSTEM|root|Administrator|Guest)(?= (?:user|account))/g,
  },
  { type: "user", regex: /\bsystem:serviceaccount:[\w.-]{1,64}:[\w.-]{1,64}/g, needs: /system:s/ },
  { type: "label", regex: /\bE\d{1,7}\b/g },
];
