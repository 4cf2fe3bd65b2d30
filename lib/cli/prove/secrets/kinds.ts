/** Twenty kinds of secrets as they stand in logs, each drawn from a seed: made up, and of the form the real ones have. */

export type Secret = {
  kind: string;
  /** Of a class that may never leave; of the others the recall is published. */
  isMust: boolean;
  /** What stands in the log. */
  text: string;
  /** What of it must not be seen: the random parts. */
  parts: string[];
};

type Draw = {
  pick: <T>(values: readonly T[]) => T;
  some: (alphabet: string, length: number) => string;
};
type Kind = { kind: string; isMust: boolean; make: (draw: Draw) => Pick<Secret, "text" | "parts"> };

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const HEX = "0123456789abcdef";
const WORD = LOWER + UPPER + DIGITS;
const BASE64 = `${WORD}+/`;
const URL64 = `${WORD}-_`;

const KINDS: readonly Kind[] = [
  must("private key (PEM)", ({ pick, some }) => {
    const name = pick([
      "RSA PRIVATE KEY",
      "PRIVATE KEY",
      "EC PRIVATE KEY",
      "ENCRYPTED PRIVATE KEY",
    ]);
    const lines = Array.from({ length: 4 }, () => some(BASE64, 64));
    const end = pick(["\n", "\r\n"]);
    return of(`-----BEGIN ${name}-----${end}${lines.join(end)}${end}-----END ${name}-----`, lines);
  }),
  must("private key (OpenSSH)", ({ some }) => {
    const lines = Array.from({ length: 4 }, () => some(BASE64, 70));
    const name = "OPENSSH PRIVATE KEY";
    return of(
      `-----BEGIN ${name}-----\nb3BlbnNzaC1rZXktdjEAAAAA${lines.join("\n")}\n-----END ${name}-----`,
      lines,
    );
  }),
  must("AWS access key id", ({ pick, some }) => {
    const id = some(`${UPPER}234567`, 16);
    return of(
      `${pick(["accessKeyId=", "aws_access_key_id = ", "key "])}${pick(["AKIA", "ASIA"])}${id}`,
      [id],
    );
  }),
  must("AWS secret key", ({ pick, some }) => {
    const key = some(BASE64, 40);
    return of(
      `${pick(["aws_secret_access_key = ", "AWS_SECRET_ACCESS_KEY=", "secretAccessKey: "])}${key}`,
      [key],
    );
  }),
  must("GCP key or token", ({ pick, some }) => {
    const [key, token] = [some(URL64, 35), some(URL64, 60)];
    return pick([of(`?key=AIza${key}`, [key]), of(`access ya29.a0${token}`, [token])]);
  }),
  must("GitHub token", ({ pick, some }) => {
    const [old, fine] = [some(WORD, 36), some(WORD, 59)];
    return pick([
      of(
        `git clone https://x-access-token:${pick(["ghp_", "ghs_", "gho_"])}${old}@github.com/a/b`,
        [old],
      ),
      of(`GH=github_pat_${some(WORD, 22)}_${fine}`, [fine]),
    ]);
  }),
  must("JWT", ({ pick, some }) => {
    const header = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString("base64url");
    const [body, signature] = [some(URL64, 90), some(URL64, 86)];
    return of(`${pick(["", "id_token=", "token "])}${header}.eyJ${body}.${signature}`, [
      body,
      signature,
    ]);
  }),
  must("session cookie", ({ pick, some }) => {
    const value = some(WORD, 32);
    const name = pick([
      "JSESSIONID",
      "ESTSAUTH",
      "PHPSESSID",
      "connect.sid",
      "session",
      "__Host-id",
    ]);
    return of(
      `${pick(["Cookie: ", "Set-Cookie: ", "cookie: lang=en; "])}${name}=${value}; path=/`,
      [value],
    );
  }),
  must("bearer header", ({ pick, some }) => {
    const token = some(URL64, pick([24, 40, 64])) + "7";
    return of(`${pick(["Authorization: Bearer ", "authorization: bearer "])}${token}`, [token]);
  }),
  must("basic header", ({ some }) => {
    const pair = Buffer.from(`svc-${some(LOWER, 5)}:${some(WORD, 14)}`).toString("base64");
    return of(`Authorization: Basic ${pair}`, [pair.slice(12)]);
  }),
  must("password in a URL", ({ pick, some }) => {
    const word = `${some(WORD, 12)}9`;
    const scheme = pick(["postgres", "mysql", "mongodb+srv", "redis", "https", "amqp", "ftp"]);
    return of(`${scheme}://svc_${some(LOWER, 4)}:${word}@db.example.org/main`, [word]);
  }),
  must("connection string", ({ pick, some }) => {
    const word = `${some(WORD, 12)}!${some(DIGITS, 2)}`;
    const key = `${some(BASE64, 86)}==`;
    return pick([
      of(`Server=db1;Database=hr;User Id=sa;Password=${word};Encrypt=true`, [word]),
      of(`DefaultEndpointsProtocol=https;AccountName=logs;AccountKey=${key};EndpointSuffix=x`, [
        key,
      ]),
      of(`Endpoint=sb://bus.example.org/;SharedAccessKeyName=Root;SharedAccessKey=${key}`, [key]),
    ]);
  }),
  must("NTLM pair", ({ pick, some }) => {
    const [lm, nt, long] = [some(HEX, 32), some(HEX, 32), some(HEX, 80)];
    return pick([
      of(`Administrator:500:${lm}:${nt}:::`, [lm, nt]),
      of(`sekurlsa::pth /user:adm /ntlm:${nt}`, [nt]),
      of(`bob::ACME:${some(HEX, 16)}:${nt}:${long}`, [nt, long]),
      of(`wmiexec.py -hashes :${nt} a@10.0.0.4`, [nt]),
    ]);
  }),
  must("SAS signature", ({ some }) => {
    const signature = some(WORD, 43);
    return of(
      `https://logs.blob.core.windows.net/c/f?sv=2024-11-04&sp=r&sig=${signature}%3D&se=2026-12-01`,
      [signature],
    );
  }),
  must("net use password", ({ pick, some }) => {
    const word = `${some(WORD, 11)}${pick(["!", "#", "@"])}${some(DIGITS, 1)}`;
    return pick([
      of(`net use \\\\fs01\\c$ ${word} /user:ACME\\adm`, [word]),
      of(`net use X: \\\\fs01\\c$ /user:ACME\\adm ${word}`, [word]),
      of(`net user helper ${word} /add`, [word]),
    ]);
  }),
  must("password of a tool", ({ pick, some }) => {
    const word = `${some(WORD, 12)}${some(DIGITS, 1)}`;
    return of(
      pick([
        `sshpass -p ${word} ssh root@10.0.0.4`,
        `psexec.exe \\\\fs01 -u ACME\\adm -p ${word} cmd`,
        `mysql -uroot -p${word} hr`,
        `curl -u svc:${word} https://intra.example.org`,
        `cmdkey /add:fs01 /user:adm /pass:${word}`,
        `schtasks /create /tn x /ru adm /rp ${word} /tr y`,
        `plink.exe -pw ${word} root@10.0.0.4`,
        `wmic /node:fs01 /user:adm /password:${word} os get name`,
        `7z.exe a -p${word} out.7z C:\\data`,
        `evil-winrm -i 10.0.0.4 -u adm -p ${word}`,
      ]),
      [word],
    );
  }),
  should("vendor token", ({ pick, some }) => {
    const token = some(WORD, 34);
    return of(pick(["xoxb-123456789012-", "sk_live_", "glpat-", "hf_", "npm_"]) + token, [token]);
  }),
  should("key of a language model", ({ pick, some }) => {
    const key = some(URL64, 60);
    return of(
      `${pick(["x-api-key: ", "OPENAI_API_KEY=", ""])}${pick(["sk-ant-api03-", "sk-proj-"])}${key}`,
      [key],
    );
  }),
  should("password in a setting", ({ pick, some }) => {
    const word = `${some(WORD, 10)}${some(DIGITS, 2)}`;
    return of(
      pick([
        `db_password: "${word}"`,
        `export PGPASSWORD=${word}`,
        `client_secret=${word}`,
        `<password>${word}</password>`,
        `passphrase = ${word}`,
      ]),
      [word],
    );
  }),
  should("password hash or ticket", ({ pick, some }) => {
    const [hash, ticket] = [some(HEX, 96), some(`${WORD}./`, 86)];
    return pick([
      of(`$krb5tgs$23$*svc$ACME.EXAMPLE$http/web*$${some(HEX, 32)}$${hash}`, [hash]),
      of(`root:$6$${some(WORD, 8)}$${ticket}:19000:0:99999:7:::`, [ticket]),
    ]);
  }),
];

export const KIND_COUNT = KINDS.length;

/** The `number`th secret: its kind goes round, everything else comes from `random`. */
export function secretOf(number: number, random: () => number): Secret {
  const { kind, isMust, make } = KINDS[number % KINDS.length]!;
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  const some = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join("");
  return { kind, isMust, ...make({ pick, some }) };
}

function must(kind: string, make: Kind["make"]): Kind {
  return { kind, isMust: true, make };
}

function should(kind: string, make: Kind["make"]): Kind {
  return { kind, isMust: false, make };
}

function of(text: string, parts: string[]): Pick<Secret, "text" | "parts"> {
  return { text, parts };
}
