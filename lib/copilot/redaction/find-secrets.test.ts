import { describe, expect, test } from "vitest";
import { maskSecrets } from "./mask-secrets.ts";

const NT = "31d6cfe0d16ae931b73c59d7e0c089c0";
const LM = "aad3b435b51404eeaad3b435b51404ee";
const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";
const PEM = `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7v3kQ2\nb9XhYcJm4w==\n-----END RSA PRIVATE KEY-----`;
const AWS = "wJalrXUtnFEMI9K7MDENG+bPxRfiCYzzT4KEY012";

/** What stands there, and what of it must not leave. */
const HELD: [text: string, ...secrets: string[]][] = [
  ["cmdkey /add:srv /user:corp\\bob /pass:Summer2026!", "Summer2026!"],
  ["net use \\\\srv\\c$ P@ssw0rd! /user:CORP\\alice", "P@ssw0rd!"],
  ["net use Z: \\\\srv\\c$ /user:CORP\\alice P@ssw0rd!", "P@ssw0rd!"],
  ["net.exe user hacker Pw123456! /add", "Pw123456!"],
  ['psexec.exe \\\\h -u corp\\a -p "S3cr et!" cmd', "S3cr et!"],
  ["mysql -uroot -pHunter2 db", "Hunter2"],
  ["mysqldump --password=Hunter2 db", "Hunter2"],
  ["sshpass -p 'Hunt er2' ssh a@b", "Hunt er2"],
  ["curl -u alice:Wonder1and https://x.example", "Wonder1and"],
  ["wget --http-password=Wonder1and https://x.example", "Wonder1and"],
  ["plink.exe -ssh a@b -pw Wonder1and", "Wonder1and"],
  ["7z a -pInf3cted out.7z", "Inf3cted"],
  ["schtasks /create /ru CORP\\a /rp Wonder1and /tn x", "Wonder1and"],
  ["wmic /node:h /user:a /password:Wonder1and process list", "Wonder1and"],
  ["evil-winrm -i 10.0.0.1 -u a -H " + NT, NT],
  ["secretsdump.py CORP/bob:Passw0rd@10.0.0.1", "Passw0rd"],
  ["smbclient //h/s -U bob%Passw0rd", "Passw0rd"],
  ["redis-cli -a Passw0rd ping", "Passw0rd"],
  ["echo 'root:toor123' | chpasswd", "toor123"],
  ["echo hunter22 | sudo -S id", "hunter22"],
  ['$c = ConvertTo-SecureString "x y z1" -AsPlainText -Force', "x y z1"],
  ["reg add HKLM\\x\\Winlogon /v DefaultPassword /t REG_SZ /d Sup3r /f", "Sup3r"],
  ['"TargetObject":"HKLM\\\\x\\\\DefaultPassword","Details":"Sup3rX"', "Sup3rX"],
  ["CREATE USER x IDENTIFIED BY 'hunter2'", "hunter2"],
  ['{"CommandLine":"cmdkey /pass:\\"P@ss word1\\" /x"}', "P@ss word1"],
  ['type=EXECVE a0="sshpass" a1="-p" a2="Secr3t,x" a3="ssh"', "Secr3t,x"],
  ['["sshpass","-p","Secr3t","ssh"]', "Secr3t"],
  [`proctitle=${Buffer.from("sshpass\0-p\0Secr3t!\0ssh").toString("hex")}`, "737368706173730"],
  [
    `powershell -enc ${Buffer.from("net use \\\\x P@ssw0rd1 /user:y", "utf16le").toString("base64")}`,
    "bgBlAHQAIAB1",
  ],
  [`data ${Buffer.from("export PGPASSWORD=Secr3t!").toString("base64")}`, "ZXhwb3J0IFBHU"],
  ["password=foo,bar;x=1", "foo,bar"],
  ["password=O'Brien1!", "O'Brien1!"],
  ['"db_password": "letmein"', "letmein"],
  ["Password: letmein\nnext", "letmein"],
  ['<Data Name="Password">Secr3t&amp;1</Data>', "Secr3t", "amp;1"],
  ["Server=db;User ID=sa;Password=S3cr3t!x;Database=y", "S3cr3t!x"],
  ["DefaultEndpointsProtocol=https;AccountKey=abcDEF123+/==;EndpointSuffix=x", "abcDEF123+/=="],
  ["postgres://u:p%40ss1@db/x", "p%40ss1"],
  ["https://alice:Wonder1and@files.example/x", "Wonder1and"],
  [
    "https://a.blob.core.windows.net/c?sv=2022&sig=abc%2Bdefghijklmnop%3D&se=2026",
    "abc%2Bdefghijklmnop%3D",
  ],
  [
    "https://b.s3.amazonaws.com/x?X-Amz-Signature=0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdef",
  ],
  ['curl -H "Authorization: Bearer abcdef1234567890"', "abcdef1234567890"],
  ["Authorization: Basic dXNlcjpwYXNz\r\nHost: x", "dXNlcjpwYXNz"],
  ["authorization: bearer abcDEF1234567890 and more", "abcDEF1234567890"],
  ["Cookie: a=b; JSESSIONID=ABCDEF0123456789\r\nHost: x", "a=b", "ABCDEF0123456789"],
  ['"set-cookie":"ESTSAUTH=0.ARoAabcdefghij123; path=/"', "0.ARoAabcdefghij123"],
  ['{"name":"Cookie","value":"sid=abcdef0123456789xyz"}', "abcdef0123456789xyz"],
  ["X-Api-Key: 1234567890abcdef", "1234567890abcdef"],
  [`token ${JWT} end`, JWT.slice(0, 30), JWT.slice(-20)],
  [`cut off: ${JWT.slice(0, 38)}`, JWT.slice(0, 30)],
  [PEM, "MIIEpAIBAAKCAQEA7v3kQ2", "b9XhYcJm4w"],
  [JSON.stringify({ script: PEM }), "MIIEpAIBAAKCAQEA7v3kQ2", "b9XhYcJm4w"],
  [PEM.slice(0, 60), "MIIEpAIBAAKCAQEA7v3kQ2"],
  [`b9XhYcJm4wLastLineOfKey==\n-----END RSA PRIVATE KEY-----`, "b9XhYcJm4wLastLineOfKey"],
  [encodeURIComponent(PEM), "MIIEpAIBAAKCAQEA7v3kQ2"],
  ["keyid AKIAQ4W7XK2P5N3R6T8V in us-east-1", "AKIAQ4W7XK2P5N3R6T8V"],
  ["session ASIAQ4W7XK2P5N3R6T8V", "ASIAQ4W7XK2P5N3R6T8V"],
  [`aws_secret_access_key = ${AWS}`, AWS],
  [`"SecretAccessKey":"${AWS}"`, AWS],
  [`bare ${AWS} in a line`, AWS],
  ["AIzaSyA1234567890abcdefghijklmnopqrstuvw", "AIzaSyA1234567890abcdefghijklmnopqrstuvw"],
  ["ghp_16C7e42F292c6912E7710c838347Ae178B4a", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"],
  [
    "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789",
    "github_pat_11ABCDEFG0abcdefghijkl",
  ],
  ["xoxb-123456789012-1234567890123-AbCdEfGhIjKl", "AbCdEfGhIjKl"],
  ["sk_live_4eC39HqLyjWDarjtT1zdp7dc", "4eC39HqLyjWDarjtT1zdp7dc"],
  ["sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopqrstuvwxyz0123456789"],
  ["glpat-abcdefghij0123456789", "glpat-abcdefghij0123456789"],
  [`Administrator:500:${LM}:${NT}:::`, LM, NT],
  [`sekurlsa::pth /user:a /ntlm:${NT}`, NT],
  [`bob::CORP:1122334455667788:${NT}:0101000000000000c0653150de09d201`, "1122334455667788", NT],
  ["$krb5tgs$23$*svc$CORP$http/x*$a1b2c3d4e5f60718293a4b5c6d7e8f90$deadbeef", "deadbeef"],
  [
    "root:$6$saltsalt$abcdefghijklmnopqrstuvwxyz0123456789:19000:",
    "abcdefghijklmnopqrstuvwxyz0123456789",
  ],
];

/** What reads like a secret and is none: a reader needs it. */
const CLEAN = [
  "An account failed to log on. Failure Reason: Unknown user name or bad password.",
  "TokenElevationType: %%1936 TokenElevationTypeFull (2)",
  "System.Web, Version=4.0.0.0, PublicKeyToken=b03f5f7f11d50a3a",
  "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -NoProfile -File a.ps1",
  "passwd: password changed for alice by root",
  "net user alice /domain",
  'net group "Domain Admins" /domain',
  "net use \\\\srv\\share /delete",
  "docker run -p 8080:80 nginx",
  "ssh -p 22 alice@host",
  "PWD=/root ; USER=root ; COMMAND=/bin/ls",
  "Hashes=MD5=0123456789ABCDEF0123456789ABCDEF,IMPHASH=0123456789ABCDEF0123456789ABCDE0",
  "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "Authentication Package: Negotiate, Key Length: 0, Logon Process: NtLmSsp",
  "https://login.microsoftonline.com/common/oauth2/token",
  "GET /index.html?session=1 HTTP/1.1 User-Agent: Mozilla/5.0",
  "/usr/share/doc/python3/examples/demo/scripts/run.py",
  "password=%PASSWORD% password=$env:PW password=****** password=${PW}",
  "correlationId=8f14e45f-ceea-467f-a8f1-4f5b6c7d8e9f sessionId=8f14e45f-ceea-467f-a8f1-4f5b6c7d8e9f",
  "2026-03-01T02:14:07.120Z 10.0.3.17:443 -> 203.0.113.9:51234 bytes=1234",
  "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SecureToken\\Key: Start = 2",
];

describe("what must not leave is masked", () => {
  test.each(HELD)("%s", (text, ...secrets) => {
    const masked = maskSecrets(text);
    expect(masked).toContain("[secret:");
    for (const secret of secrets) expect(masked).not.toContain(secret);
  });

  test.each(HELD)("inside JSON, twice: %s", (text, ...secrets) => {
    const masked = maskSecrets(JSON.stringify({ a: JSON.stringify({ b: text }) }));
    for (const secret of secrets) {
      expect(masked).not.toContain(secret);
      expect(masked).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  });
});

test.each(CLEAN)("stays: %s", (text) => {
  expect(maskSecrets(text)).toBe(text);
});
