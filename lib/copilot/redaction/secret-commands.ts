import { argumentAt, isPlaceholder, type Found } from "./secret-values.ts";

type Arg = Found & { text: string };
type Flags = {
  /** The argument behind one of these, or the rest behind `=` or `:`. */
  spaced?: readonly string[];
  /** What is written straight behind one of these. */
  glued?: readonly string[];
  /** Behind these stands `user:password`, or `user%password`. */
  pairs?: readonly string[];
};

const OF_TOOL: Record<string, Flags> = {
  "sshpass psexec psexec64 paexec psservice pskill winexe rdesktop az useradd usermod kinit impacket":
    { spaced: ["-p", "--password", "-password"], glued: ["-p"] },
  "mysql mysqldump mysqladmin mysqlimport mariadb mariadb-dump": {
    spaced: ["--password"],
    glued: ["-p"],
  },
  "7z 7za 7zr rar unrar": { glued: ["-p", "-hp"] },
  "zip unzip sqlcmd bcp osql isql": { spaced: ["-P", "--password"], glued: ["-P"] },
  "ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami": { spaced: ["-w"], glued: ["-w"] },
  "redis-cli": { spaced: ["-a", "--pass"] },
  "plink pscp psftp putty": { spaced: ["-pw", "-pwfile"] },
  "dsadd dsmod": { spaced: ["-pwd"] },
  "crackmapexec cme nxc netexec smbmap evil-winrm medusa hydra kerbrute bloodhound-python": {
    spaced: ["-p", "-H", "--password", "-hashes", "--hashes", "--hash"],
    glued: ["-p"],
  },
  "mongo mongosh mongodump mongorestore mongoexport mongoimport": {
    spaced: ["-p", "--password"],
    glued: ["-p"],
  },
  "openssl certutil": { spaced: ["-k", "-K", "-pass", "-passin", "-passout", "-p", "-password"] },
  "schtasks winrs xfreerdp xfreerdp3 freerdp rubeus mimikatz cmdkey wmic runas": {
    spaced: ["/rp", "/p", "-p", "/pass", "/password", "/pth"],
  },
  "keytool jarsigner": {
    spaced: ["-storepass", "-keypass", "-deststorepass", "-srcstorepass", "-destkeypass"],
  },
  "gpg gpg2 rclone": { spaced: ["--passphrase", "--pass", "--password", "--drive-pass"] },
  htpasswd: {},
  "curl wget lftp": {
    spaced: ["--password", "--http-password", "--ftp-password", "--proxy-password", "--pass"],
    pairs: ["-u", "--user", "-U", "--proxy-user"],
  },
  "smbclient rpcclient smbexec.py": { spaced: ["--password"], pairs: ["-U", "--user"] },
  "net net1": { pairs: ["-U"] },
};

const FLAGS = new Map(
  Object.entries(OF_TOOL).flatMap(([names, flags]) =>
    names.split(" ").map((name) => [name, flags] as const),
  ),
);
const TOOL = new RegExp(
  `(?<![\\w-])(${[...FLAGS.keys()].map((name) => name.replace(".", "\\.")).join("|")})(?:-\\w{1,20})?(?:\\.exe|\\.py|\\.com)?(?=["'\\\\]{0,3}[\\s,])`,
  "gi",
);
/** What a text must hold to be read for tools at all, lower case. */
export const TOOL_HINTS: readonly string[] = [...FLAGS.keys()];

/** Between two arguments: blanks, or what stands between items of a list or of an audit record. */
const GAP = /(?:\\{0,3}["'])?(?:[ \t]{0,4},[ \t]{0,4}|[ \t]{1,8})(?:a\d{1,3}=)?/y;
const ARGS_MAX = 40;

/** Where passwords stand on command lines, by what the tool's flags mean. */
export function toolPasswords(text: string): Found[] {
  const found: Found[] = [];
  const read: ReadArgs = new Map();
  for (const match of text.matchAll(TOOL)) {
    const tool = (match[1] ?? "").toLowerCase();
    const args = argsAt(text, match.index + match[0].length, read);
    found.push(...ofFlags(args, FLAGS.get(tool) ?? {}));
    if (tool === "net" || tool === "net1") found.push(...ofNet(args));
    if (tool === "htpasswd" && args.some(({ text: arg }) => /^-\w{0,4}b/.test(arg)))
      found.push(...args.slice(-1));
  }
  return found.filter(({ start, end }) => !isPlaceholder(text.slice(start, end)));
}

function ofFlags(args: readonly Arg[], { spaced = [], glued = [], pairs = [] }: Flags): Found[] {
  return args.flatMap((arg, at) => {
    const next = args[at + 1];
    const name = spaced.find((flag) => isFlag(arg.text, flag));
    if (name !== undefined) {
      if (arg.text.length === name.length)
        return next && !/^--?[a-z]{2}/i.test(next.text) ? [next] : [];
      return [behind(arg, name.length + 1)];
    }
    const stuck = glued.find((flag) => arg.text.startsWith(flag) && arg.text.length > flag.length);
    if (stuck !== undefined) return [behind(arg, stuck.length)];
    const pair = pairs.find((flag) => isFlag(arg.text, flag) || arg.text.startsWith(flag));
    if (pair === undefined) return [];
    if (arg.text.length > pair.length && /^-\w$/.test(pair))
      return ofPair(behind(arg, pair.length));
    return next ? ofPair(next) : [];
  });
}

function isFlag(text: string, flag: string): boolean {
  const isLong = flag.startsWith("/") || flag.startsWith("--");
  const written = isLong ? text.toLowerCase() : text;
  if (written === flag) return true;
  return written.startsWith(`${flag}:`) || written.startsWith(`${flag}=`);
}

/** `net use \\server\share PASSWORD /user:NAME` and `net user NAME PASSWORD /add`. */
function ofNet(args: readonly Arg[]): Found[] {
  const [verb, ...rest] = args;
  const positional = rest.filter(({ text }) => !text.startsWith("/"));
  if (verb?.text.toLowerCase() === "use") {
    return positional.filter(({ text }) => !/^(?:[a-z]:|\*|\\.*|lpt\d:?)$/i.test(text)).slice(0, 1);
  }
  if (verb?.text.toLowerCase() !== "user") return [];
  return positional.slice(1, 2).filter(({ text }) => text !== "*");
}

function ofPair(arg: Arg): Found[] {
  const sign = arg.text.search(/[:%]/);
  return sign === -1 ? [] : [behind(arg, sign + 1)];
}

function behind(arg: Arg, length: number): Arg {
  return { start: arg.start + length, end: arg.end, text: arg.text.slice(length) };
}

/** By where the argument before ends: a line may name many tools. */
type ReadArgs = Map<number, Arg | null>;

function argsAt(text: string, from: number, read: ReadArgs): Arg[] {
  const args: Arg[] = [];
  let at = from;
  while (args.length < ARGS_MAX) {
    const arg = read.get(at) ?? argAfter(text, at);
    read.set(at, arg);
    if (arg === null) break;
    args.push(arg);
    at = arg.end;
  }
  return args;
}

function argAfter(text: string, at: number): Arg | null {
  GAP.lastIndex = at;
  if (!GAP.test(text)) return null;
  const found = argumentAt(text, GAP.lastIndex);
  if (!found || found.end <= at) return null;
  const arg = text.slice(found.start, found.end);
  return /^(?:[|&;]{1,2}|>{1,2})$/.test(arg) ? null : { ...found, text: arg };
}
