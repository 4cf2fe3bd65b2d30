import type { Entity, EntityType } from "./entities.ts";
import { isTaken, mark } from "./marks.ts";

const SHAPED = /(?<![\p{L}\p{N}_.@\\-])[\p{L}\p{N}_]{1,64}(?:[-_.][\p{L}\p{N}_]{1,64}){0,8}/gu;
const SHAPED_ASCII = /(?<![\w.@\\-])\w{1,64}(?:[-_.]\w{1,64}){0,8}/g;
const ASCII = /^[\x00-\x7f]*$/;
/** A type word and the unquoted name after it: "user asmith", "hosts alpha, beta", "host=gamma". */
const TYPED =
  /\b(user(?:name)?|account|login|host(?:name)?|device|server|workstation|machine|endpoint|computer|laptop|domain controller|vm|node)(s?)(?: names?| ids?)?( named | called |[:=] ?| )/gi;
const NAME = /[\p{L}\p{N}_](?:[\p{L}\p{N}_.$-]|'(?=\p{L}{2})){0,63}/uy;
const NEXT_NAME = /(?:,? and |,? or |, )([\p{L}\p{N}_][\p{L}\p{N}_.$-]{0,63})/uy;
const OWNED = /(?<![\w.@\\-])([\w.-]{2,64})(?= (?:user )?(?:account|user)\b)/gi;
const DISPLAY = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}.'-]{1,30}(?: \p{Lu}[\p{L}.'-]{1,30}){1,4}(?= ?<)/gu;

/** Accounts by the form of their names: ops-admin, build-bot; and t.novak where someone acts. */
const ACCOUNT =
  /(?<![\w.@\\/-])(?:[a-z][a-z0-9]{1,20}-(?:admin|adm|bot|svc|user|ops|sa)|(?:svc|adm|ops|admin|sa)-[a-z0-9]{2,20})(?![\w@\\/-]|\.\w)/gi;
const ACTOR =
  /(?<=\b(?:by|for|as|of|from|user|account) )(?:[a-z]\.[a-z]{2,20}|[a-z]{2,20}\.[a-z]{3,20})(?![\w@\\/-]|\.\w)/g;
/** A sentence that opens in small letters opens with a name: "asmith logged on". */
const SUBJECT =
  /(?<=^|[.;] |\b(?:and|then|that|when|after|before) )(?!(?:user|account|someone|somebody|nobody|they|it|he|she|who|which|that|then|and|not|never|only|each|all|both|was|is|had|has|successfully|later|also)\b)[a-z][a-z0-9]{2,20}(?= (?:logged|signed|logs|signs) (?:on|in|off|out)\b| authenticated\b)/g;
const LOGONS_OF =
  /(?<=\b(?:log-?ons?|log-?ins?|sign-?ins?|passwords?|lockouts?|sessions?|mailbox(?:es)?|credentials|attempts|failures) (?:for|of|by|as) )[a-z][a-z0-9]{2,20}(?=$|[.,;)]| (?:from|on|at|in|to|via|were|was|and|between|within|after|before)\b)/g;
const AMOUNTS = new Set(
  "one two three four five six seven eight nine ten several many multiple most some other others each every users accounts hosts hours minutes days years employees admins administrators everyone anyone him her them".split(
    " ",
  ),
);
const THINGS_BEFORE =
  /\b(?:pod|container|image|queue|rule|policy|model|group|share|ticket|case|build|release|job|task|branch) $/i;

const NO_NAMES = new Set(
  (
    "md5 sha1 sha256 sha512 base64 utf8 utf16 ipv4 ipv6 x64 x86 win32 win64 http2 3rd 2nd 1st 4th 5th " +
    "sha-1 sha-256 sha-512 utf-8 utf-16 sign-in sign-ins log-on log-ons in-memory oauth2 oauth2.0 aes256 aes-256 " +
    "aes128 aes-128 rc4-hmac rc4 log4j s3 ec2 o365 m365 k8s tls1.2 tls1.3 smbv1 smbv2 smb1 smb2 ntlmv1 ntlmv2 " +
    "wpa2 mp3 mp4 p2p b2b 2fa mfa 24x7 ja3 ja3s cp1252 http3 layer7 c2 365"
  ).split(" "),
);
/** Words that follow "user" or "host" in a sentence without being its name. */
const NO_TYPED = new Set(
  (
    "and or is was were are has have had on in of for from to with by at logged signed ran started opened created deleted name names " +
    "account accounts group groups first last then that which who whom whose did does do not only appear appears activity data record records event events log logs " +
    "session sessions seen the a an this these those it its any all no none made sent used uses executed connected failed successfully agent agents lockout creation added " +
    "under into but if so as via using without within between against off out up down over through per behind would can could should will may might must shall also " +
    "itself himself herself themselves involved responsible associated affected compromised likely allegedly still never always again after before during while when where " +
    "because since until behavior behaviour authentication login logins logon logons interaction profile profiles mailbox credential credentials directory input request requests response responses traffic " +
    "owner owners context enumeration interface level process processes service services file files console role roles status type types id ids sid mode agent-based base list " +
    "unknown missing permissions permission privileges privilege rights access password passwords identity entity entities behind inside outside near there here now later earlier once twice " +
    "clicks runs visits receives attempts learning side farm room rack operating error errors message manager management policy policies isolation inventory object objects " +
    "tier pool network named called with's within's whose'"
  ).split(" "),
);
const NO_HOST =
  /^(?:ms\d\d|kb|cve|cwe|rfc|iso|tls|ssl|sha|md|aes|rc|utf|inc|evt|evid|req|chg|prb|ticket|case|id|cp|win|apt|unc|fin|ta|nist|sp|pci|gdpr|http|smb|ntlm|cis|owasp|ghsa|rhsa|dsa|usn|zdi|x|ipv|covid|step|phase|stage|tier|level|port|top|p|q|h|v)[-_]?\d/i;

/** Names by the word before them; their lists; and "the svc_backup account". */
export function findTyped(text: string, taken: Uint8Array): Entity[] {
  const found: Entity[] = [];
  const add = (type: EntityType, name: string, start: number): boolean => {
    const bare = name.replace(/(?<![.-])[.-]+$/, "");
    const end = start + bare.length;
    if (bare === "" || isTaken(taken, start, end) || isPartOfWord(text, start, end)) return false;
    mark(taken, start, end);
    found.push({ type: bare.endsWith("$") ? "host" : type, text: bare, start, end });
    return true;
  };
  for (const match of text.matchAll(TYPED)) {
    const [whole, word = "", plural, link = ""] = match;
    const start = match.index + whole.length;
    const name = at(NAME, text, start)?.[0] ?? "";
    const told = /named|called|[:=]/.test(link);
    if (!(told ? /\p{L}/u.test(name) : isName(name))) continue;
    const type = /^(?:user|account|login)/i.test(word) ? "user" : "host";
    if (add(type, name, start) && plural) addFurther(text, start + name.length, type, add);
  }
  for (const regex of [ACCOUNT, ACTOR, SUBJECT]) {
    for (const match of text.matchAll(regex)) add("user", match[0], match.index);
  }
  for (const match of text.matchAll(LOGONS_OF)) {
    if (isName(match[0]) && !AMOUNTS.has(match[0].toLowerCase()))
      add("user", match[0], match.index);
  }
  for (const match of text.matchAll(OWNED)) {
    const name = match[1] ?? "";
    if (/[a-z]/i.test(name) && /[\d_.]/.test(name) && !NO_NAMES.has(name.toLowerCase()))
      add("user", name, match.index);
  }
  return found;
}

/** "users alice, bob and carol": what follows the first name. */
function addFurther(
  text: string,
  from: number,
  type: EntityType,
  add: (type: EntityType, name: string, start: number) => boolean,
): void {
  let end = from;
  for (let n = 0; n < 20; n++) {
    const next = at(NEXT_NAME, text, end);
    const name = next?.[1] ?? "";
    if (!next || !isName(name)) return;
    end += next[0].length;
    if (!add(type, name, end - name.length)) return;
  }
}

function at(regex: RegExp, text: string, index: number): RegExpExecArray | null {
  regex.lastIndex = index;
  return regex.exec(text);
}

/** Patterns in ASCII see half a word where its other letters are not. */
function isPartOfWord(text: string, start: number, end: number): boolean {
  return [start - 1, end].some(
    (i) => text.charCodeAt(i) > 0x7f && /[\p{L}\p{N}\p{M}]/u.test(text.charAt(i)),
  );
}

/** `John Doe <jdoe@corp.example>`: the name shown beside an address is a claim of its own. */
export function findDisplayNames(text: string, found: Entity[], taken: Uint8Array): Entity[] {
  if (!text.includes("<")) return [];
  const mails = new Set(found.filter((e) => e.type === "email").map((e) => e.start));
  const names: Entity[] = [];
  for (const match of text.matchAll(DISPLAY)) {
    const end = match.index + match[0].length;
    const mail = text.indexOf("<", end) + 1;
    if (!mails.has(mail) || isTaken(taken, match.index, end)) continue;
    mark(taken, match.index, end);
    names.push({ type: "name", text: match[0], start: match.index, end });
  }
  return names;
}

/** Letters with digits or an underscore: WS-014, svc_backup, DC01. */
export function findShaped(text: string, taken: Uint8Array): Entity[] {
  const found: Entity[] = [];
  for (const match of text.matchAll(ASCII.test(text) ? SHAPED_ASCII : SHAPED)) {
    const name = match[0];
    const end = match.index + name.length;
    if (!/[\p{N}_]/u.test(name) || isTaken(taken, match.index, end)) continue;
    if (
      !/\p{L}/u.test(name) ||
      NO_NAMES.has(name.toLowerCase()) ||
      /^\d+(?:-?(?:second|minute|hour|day|byte)|(?:st|nd|rd|th)$)/i.test(name)
    )
      continue;
    mark(taken, match.index, end);
    const type = THINGS_BEFORE.test(text.slice(Math.max(0, match.index - 14), match.index))
      ? "name"
      : shapeOf(name);
    found.push({ type, text: name, start: match.index, end });
  }
  return found;
}

/** What the form of a name suggests: DESKTOP-4F2A and DC01 are machines, svc_sql is an account. */
function shapeOf(name: string): EntityType {
  if (/^(?:svc|sa|adm|admin|srvc|usr|user|t[0-2])[_.][\p{L}\p{N}_.-]+$/iu.test(name)) return "user";
  if (NO_HOST.test(name) || name.length > 32) return "name";
  if (/^[A-Z][A-Z0-9]{0,15}(?:-[A-Z0-9]{1,15}){1,4}$/.test(name)) return "host";
  const numbered =
    /^(?:[a-z]{2,12}-)?(?:dc|ws|wks|pc|srv|sql|web|fs|file|laptop|desktop|server|host|vm|mail|exch|exchange|app|db|print|jump|bastion|node|fw|vpn|proxy|dns|ad|ca|nas|backup|win|lin|lnx|ubuntu|kali|hv|esx|esxi|agent|worker|runner|master|controller|gateway|gw|router|switch|printer|kiosk|pos|macbook|imac|mac)[-_]?[a-z]{0,12}[-_]?\d{1,6}$/i;
  const owned = /^(?:ipad|iphone|macbook|imac|laptop|desktop|pc|nb|surface|workstation)-\w{2,24}$/i;
  return numbered.test(name) || owned.test(name) ? "host" : "name";
}

function isName(name: string): boolean {
  const bare = name.replace(/(?<![.-])[.-]+$/, "");
  const lower = bare.toLowerCase();
  if (NO_TYPED.has(lower) || /^\d+$/.test(bare)) return false;
  if (/[\d_.$-]|\p{Lu}/u.test(bare)) return /\p{L}/u.test(bare);
  return !/(?:ed|ing|ly|tion|ment|ness|ity)$/.test(lower);
}
