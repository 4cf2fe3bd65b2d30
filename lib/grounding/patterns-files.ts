import type { EntityType } from "./entities.ts";
import type { Pattern } from "./patterns.ts";

/** Suffixes that only files have. */
const SUFFIXES =
  "exe dll sys drv ocx ps1 psm1 psd1 bat cmd vbs vbe js jse mjs ts tsx jsx wsf wsh hta msi msp msix scr cpl lnk jar war class " +
  "doc docx docm dot dotm rtf xls xlsx xlsm xlsb ppt pptx pptm pdf odt ods one rar 7z gz tgz bz2 xz tar iso img vhd vhdx vmdk wim " +
  "txt log dmp mdmp tmp dat csv tsv json jsonl ndjson xml yml yaml conf cfg ini config env html htm mht asp aspx ashx php phtml jsp jspx cgi " +
  "bin elf ko o evtx evt etl pcap pcapng eml msg ost pst db sqlite mdb kdbx key pem crt cer pfx p12 ppk kirbi ccache reg inf chm url job scf theme " +
  "apk ipa dmg deb rpm bak old orig swp sav hiv lock mp3 mp4 avi wav png jpg jpeg gif bmp ico svg webp ttf woff " +
  "cs cpp h hpp go java rb lua pyc pyd whl sql toml manifest plist service timer desktop socket yar yara sigma xpi crx partial crdownload locked encrypted";
/** Suffixes that are also top-level domains: the number of labels and the words around tell. */
const BOTH = "py sh pl rs md zip mov so app cab ps run pub";
const FILE_SUFFIX = new RegExp(`\\.(?:${SUFFIXES.split(" ").join("|")})$`, "i");
const EITHER_SUFFIX = new RegExp(`\\.(?:${BOTH.split(" ").join("|")})$`, "i");
/** Namespaces and brands whose last label is no suffix: they are neither. */
export const NEITHER =
  /^(?:asp\.net|node\.js|vue\.js|next\.js|react\.js|system\.(?:net|io|web|data))$/i;

const WINDOWS = "[^\\s\"'`<>|?*;,\\x00-\\x1f]";
const UNIX = "[\\p{L}\\p{N}_.@+%~^=:#-]";
/** A word of a folder's or file's name behind a blank: "Files", "(x86)", "-", "and" of Settings. */
const NAME_WORD = / (?:[\p{Lu}\p{N}(-][\p{L}\p{N}_().&+~-]{0,40}|and(?= Settings))/uy;
const FOLDER_END = /\\[^\s"'`<>|?*;,\x00-\x1f]{0,300}/y;
const DOCUMENT =
  /\.(?:exe|dll|docx?|docm|xlsx?|xlsm|pptx?|pdf|zip|rar|7z|lnk|txt|csv|msi|iso|ps1|bat|js|vbs|html?|url|eml)$/i;
/** Last keys of well-known registry paths that have a blank. */
const KEY_REST =
  /(?<=\\(?:Session|Terminal|Internet|Control|Windows|Shell|User|Command|Image|Safe|Security)) (?:Manager|Server|Settings|Panel|NT|Defender|Folders|Shell Folders|Processor|Explorer|Script Host|File Execution Options|Boot|Center|Providers|Packages)(?![\p{L}\p{N}])/uy;

/** Paths from a root, and registry keys from a hive. */
export const FILE_PATTERNS: Pattern[] = [
  {
    type: "registry",
    regex: new RegExp(
      `(?<![\\w\\\\])(?:(?:Computer|Registry::?)\\\\?:?)?(?:HKEY_[A-Z_]{4,20}|HKLM|HKCU|HKU|HKCR|HKCC|\\\\?REGISTRY\\\\(?:MACHINE|USER))(?::?\\\\${WINDOWS}{0,300}|(?![\\w-]))`,
      "gi",
    ),
    needs: /hk|registry\\/i,
    extend: (text, _, end) => behind(text, behindFolders(text, end), KEY_REST),
  },
  {
    type: "registry",
    regex: new RegExp(
      `(?<![\\w\\\\:.-])(?:software|system|sam|security|currentversion|(?:current)?controlset\\d{0,3})\\\\${WINDOWS}{1,300}`,
      "gi",
    ),
    needs: /\\/,
    read: (found) => (isRegistryKey(found) ? "registry" : null),
    extend: (text, _, end) => behind(text, behindFolders(text, end), KEY_REST),
  },
  {
    type: "path",
    regex: new RegExp(`(?<![\\w\\\\])[a-z]:[\\\\/](?![\\\\/])${WINDOWS}{0,300}`, "gi"),
    needs: /:[\\/]/,
    extend: behindPath,
  },
  {
    type: "path",
    regex: new RegExp(
      `(?<![\\w\\\\])(?:%[\\w()]{1,40}%|\\$\\{?env:[\\w()]{1,40}\\}?|~|\\.{1,2}(?=\\\\))(?:[\\\\/]${WINDOWS}{1,300})?`,
      "gi",
    ),
    needs: /[%$~\\]/,
    read: (found) => {
      if (/^\.\\[\w$-]{1,64}$/.test(found)) return "user";
      return /[\w%}]/.test(found) ? "path" : null;
    },
    extend: behindPath,
  },
  {
    type: "path",
    regex: new RegExp(
      `(?<=^|[\\s"'\`(=[:,])\\\\(?:\\?{1,2}\\\\|\\.\\\\)?[\\w.$~-]{1,64}(?::|\\\\|(?=[\\s"'\`),.]|$))${WINDOWS}{0,300}`,
      "gi",
    ),
    needs: /\\/,
    extend: behindPath,
  },
  {
    type: "path",
    regex: new RegExp(
      `(?<=^|[\\s"'\`(=[:,])(?:~|\\.{1,2})?/(?:${UNIX}{1,255}/){1,40}${UNIX}{0,255}`,
      "gu",
    ),
    needs: /\//,
    read: (found) => (/\p{L}/u.test(found) ? "path" : null),
  },
  {
    type: "path",
    regex:
      /(?<=^|[\s"'`(=[,])(?:\/(?:tmp|etc|root|home|var|usr|opt|bin|sbin|dev|proc|boot|srv|mnt|media|lib|lib64|sys|run|data)(?![\w/.-])|(?:~|\.{1,2})\/[\w.+-]{1,255}|\/[\w+-]{1,128}\.(?:php|phtml|aspx?|ashx|jspx?|cgi|html?|sh|py|pl|so|conf|txt|log|js|json|exe)(?![\w-]))/gi,
    needs: /\//,
    read: (found) => (/[a-z]/i.test(found) ? "path" : null),
  },
];

/** Names with a folder but no root, accounts, machine accounts: told apart by what they end in. */
export const RELATIVE_PATTERNS: Pattern[] = [
  {
    type: "path",
    regex:
      /(?<![\w\\.:%/$~-])[\w.$~-]{1,64}\\[\w.$~@()+-]{1,128}(?:\\[\w.$~@()+-]{1,128}){0,30}\\?/gi,
    needs: /\\/,
    weak: true,
    read: readRelative,
    extend: (text, start, end) =>
      text.slice(start, end).split("\\").length > 2 ? behindPath(text, start, end) : end,
  },
  {
    type: "host",
    regex: /(?<![\w\\.-])[a-z0-9][\w-]{0,62}\$(?!\w)/gi,
    needs: /\$/,
    weak: true,
  },
  {
    type: "process",
    regex: /(?<![\w.\\/:@+-])[a-z][\w.+-]{1,40}(?= \((?:pid|ppid|process id)\b)/gi,
    needs: /\(p/i,
    weak: true,
  },
  {
    type: "process",
    regex:
      /(?<=\b(?:ran|runs?|running|execut(?:e[sd]?|ing)|spawn(?:s|ed|ing)?|launch(?:es|ed|ing)?|start(?:s|ed|ing)?|invok(?:es|ed|ing)|by|via|using|with|through|into|child of|parent|shell|process|program|binary|tool|command) (?:the |a )?)(?:bash|sh|zsh|dash|ksh|python[23]?|perl|ruby|java|node|nginx|apache2|httpd|crond?|curl|wget|nc|ncat|netcat|socat|tar|ssh|scp|rsync|sudo|su|systemd|dockerd?|kubectl|osascript|launchd|nsenter|tee|chmod|chown|dd|awk|php|php-fpm|mysqld|postgres|containerd|runc|mount|iptables|useradd|crontab|base64|openssl|nmap|masscan|hydra|cmd|explorer|services|taskhostw?|conhost|winlogon|net|net1|ping|nslookup|tasklist|reg|sc|at(?! )|ftp|xcopy|robocopy|attrib|icacls|netsh|route|arp|ipconfig|systeminfo|quser|query|outlook|excel|notepad|calc)(?![\w\\/:@-]|\.\w|'s)/g,
    weak: true,
  },
  {
    type: "process",
    regex:
      /(?<![\w.\\/:@-])(?:rundll32|regsvr32|mshta|wscript|cscript|certutil|bitsadmin|wmic|schtasks|psexec|psexesvc|mimikatz|lsass|svchost|powershell|pwsh|msbuild|installutil|vssadmin|wevtutil|bcdedit|nltest|whoami|procdump|rclone|plink|sshd|wmiprvse|winword|procdump64|adfind|ntdsutil|dllhost|cmstp|odbcconf)(?![\w.\\/:@-]|'s)/g,
    weak: true,
  },
];

/** Whether a dotted name is that of a file or program: report.zip is, evil.zip.example is not. */
export function isFileName(name: string): boolean {
  if (NEITHER.test(name)) return false;
  if (FILE_SUFFIX.test(name)) return /[\p{L}\p{N}_-]\.[^.]+$/u.test(name);
  return EITHER_SUFFIX.test(name) && name.split(".").length === 2;
}

/** Whether a text in quotation marks is one path, blanks and all, and no command line. */
export function isQuotedPath(text: string): boolean {
  if (/^(?:~|\.{1,2})?\/[^"<>|?*\n]{1,200}\/[^"<>|?*\n]{1,200}$/.test(text))
    return !/ [-&;/]/.test(text);
  if (!/^(?:[a-z]:\\|\\[\w.$-]{1,64}\\|%\w{1,40}%\\)[^"<>|?*\n]{1,400}$/i.test(text)) return false;
  return !/\.(?:exe|com|bat|cmd|ps1|dll|vbs|js)["']?[ ,]\S/i.test(text) && !/ [-/]\w/.test(text);
}

function readRelative(found: string): EntityType | null {
  const parts = found.replace(/\\$/, "").split("\\");
  const last = parts.at(-1) ?? "";
  if (parts.length > 2) return isRegistryKey(found) ? "registry" : "path";
  if (parts.length < 2 || isFileName(last)) return "path";
  if (
    /^(?:windows|system32|syswow64|users|temp|tmp|programdata|tasks|appdata|desktop|downloads|documents|pipe)$/i.test(
      parts[0] ?? "",
    )
  )
    return "path";
  if (/^(?:software|hklm|hkcu|currentversion)$/i.test(parts[0] ?? "")) return "registry";
  return last.endsWith("$") ? "host" : "user";
}

function isRegistryKey(text: string): boolean {
  if (/^system\\/i.test(text))
    return /^system\\(?:currentcontrolset|controlset\d|setup|mounted)/i.test(text);
  return (
    !isFileName(text) &&
    /^(?:software|sam\\|security\\|currentversion|current|controlset)/i.test(text)
  );
}

function behind(text: string, end: number, rest: RegExp): number {
  rest.lastIndex = end;
  return rest.test(text) ? rest.lastIndex : end;
}

/** Where a folder's name with blanks, and what follows it, ends: up to five words, then a backslash. */
function behindFolders(text: string, from: number): number {
  let end = from;
  for (let folders = 0; folders < 20; folders++) {
    let at = end;
    for (let words = 0; words < 5 && text.charAt(at) !== "\\"; words++) {
      const next = behind(text, at, NAME_WORD);
      if (next === at) return end;
      at = next;
    }
    const next = behind(text, at, FOLDER_END);
    if (at === end || next === at) return end;
    end = next;
  }
  return end;
}

/** Where a file's name with blanks ends, when its last word has a document's suffix. */
function behindFile(text: string, from: number): number {
  let at = from;
  for (let words = 0; words < 5; words++) {
    const next = behind(text, at, NAME_WORD);
    if (next === at) return from;
    if (DOCUMENT.test(text.slice(at, next))) return next;
    at = next;
  }
  return from;
}

function behindPath(text: string, start: number, end: number): number {
  if (/[.,;:]$/.test(text.slice(start, end))) return end;
  const folders = behindFolders(text, end);
  const last =
    text
      .slice(Math.max(start, folders - 80), folders)
      .split("\\")
      .at(-1) ?? "";
  return last.includes(".") ? folders : behindFile(text, folders);
}
