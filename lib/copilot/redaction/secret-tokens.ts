/**
 * Secrets known by their own form, wherever they stand. Every regular expression here reads text an attacker wrote:
 * bounded repeats only, and lib/copilot/redaction/regex-linear.test.ts has each one checked.
 */
export type TokenRule = {
  kind: string;
  /** Lower case; the text must hold one of them. */
  hints: readonly string[];
  /** Group 1 is the secret when there is one, else the whole match. */
  regex: RegExp;
};

const BASE64_KEY =
  "MII[CEJBGHVW][A-Za-z0-9+/]IBA[A-Za-z0-9+/]{2}|MI[GH][A-Za-z0-9+/]{2}AgEAMB|MHcCAQEE|MC4CAQAwBQYDK2Vw|MIIEv[A-Za-z0-9+/]IBADANBgkq|MIIJQ[A-Za-z0-9+/]IBADANBgkq|b3BlbnNzaC1rZXktdjE";

export const TOKEN_RULES: readonly TokenRule[] = [
  {
    kind: "private_key",
    hints: ["miie", "miic", "miij", "miib", "miig", "miih", "mihh", "migh", "mhcc", "mc4c", "b3bl"],
    regex: new RegExp(`(?:${BASE64_KEY})[A-Za-z0-9+/=\\s\\\\]{20,16000}`, "g"),
  },
  { kind: "private_key", hints: ["age-secret-key-1"], regex: /AGE-SECRET-KEY-1[A-Z0-9]{20,100}/gi },
  {
    kind: "aws",
    hints: ["akia", "asia", "abia", "acca", "a3t"],
    regex:
      /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z2-7][A-Z0-9]{11,23}(?![A-Za-z0-9])/g,
  },
  {
    kind: "aws",
    hints: ["fwogzxivyxdz", "iqojb3jpz2lu"],
    regex: /(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9+/=%]{16,4096}/g,
  },
  {
    kind: "gcp",
    hints: ["aiza", "ya29.", "gocspx-", "1//0"],
    regex: /(?:AIza[\w-]{35}|ya29\.[\w.-]{20,2048}|GOCSPX-[\w-]{20,40}|1\/\/0[\w-]{40,256})/g,
  },
  {
    kind: "github",
    hints: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    regex: /(?:gh[pousr]_[A-Za-z0-9_.-]{20,1000}|github_pat_\w{20,255})/g,
  },
  {
    kind: "token",
    hints: ["xox", "xapp-", "hooks.slack.com/"],
    regex:
      /(?:xox[a-z]-[\w-]{10,200}|xapp-[\w-]{10,200}|hooks\.slack\.com\/(?:services|workflows)\/[\w/-]{10,200})/g,
  },
  {
    kind: "token",
    hints: ["sk-", "sk_", "rk_", "whsec_", "pk_live"],
    regex:
      /(?<![A-Za-z0-9])(?:sk-(?:ant|proj|svcacct|admin|or|live|test)-[\w-]{16,300}|sk-[A-Za-z0-9]{32,64}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,128}|whsec_[A-Za-z0-9+/=]{24,100})/g,
  },
  {
    kind: "token",
    hints: ["glpat-", "gldt-", "glrt-", "npm_", "pypi-", "dop_v1_", "dckr_pat_", "hf_", "gsk_"],
    regex:
      /(?:gl(?:pat|dt|rt|ptt|soat)-[\w-]{16,128}|(?<![A-Za-z0-9])(?:npm_[A-Za-z0-9]{30,64}|pypi-[\w-]{50,250}|do[opr]_v1_[0-9a-f]{40,80}|dckr_pat_[\w-]{20,64}|hf_[A-Za-z0-9]{30,64}|gsk_[A-Za-z0-9]{40,64}))/g,
  },
  {
    kind: "token",
    hints: ["hvs.", "hvb.", "hvr.", "sg.", "shpat_", "shpss_", "shpca_", "shppa_", "xkeysib-"],
    regex:
      /(?<![A-Za-z0-9])(?:hv[sbr]\.[\w-]{20,400}|SG\.[\w-]{16,64}\.[\w-]{16,128}|shp(?:at|ss|ca|pa)_[0-9a-fA-F]{24,64}|xkeysib-[0-9a-f]{40,80}-\w{10,32})/g,
  },
  {
    kind: "token",
    hints: [
      "dapi",
      "tskey-",
      "figd_",
      "lin_api_",
      "ntn_",
      "glsa_",
      "glc_",
      "ops_ey",
      "atatt3x",
      "8q~",
    ],
    regex:
      /(?:(?<![A-Za-z0-9])dapi[0-9a-f]{32}(?:-\d)?|tskey-[a-z]{2,20}-[\w-]{16,100}|figd_[\w-]{30,200}|lin_api_\w{30,128}|(?<![A-Za-z0-9])ntn_[A-Za-z0-9]{40,64}|glsa_\w{30,64}|glc_[A-Za-z0-9+/=]{30,400}|ops_ey[A-Za-z0-9+/=]{60,2000}|ATATT3x[\w=-]{20,400}|(?<![\w~.-])[\w~.-]{3}8Q~[\w~.-]{30,40})/g,
  },
  { kind: "token", hints: [":aa"], regex: /(?<!\d)\d{8,10}:AA[\w-]{32,36}(?![\w-])/g },
  {
    kind: "ntlm",
    hints: ["::"],
    regex: /::[\w.-]{0,64}:([0-9a-fA-F]{16,48}:[0-9a-fA-F]{32,48}:[0-9a-fA-F]{16,4000})/g,
  },
  {
    kind: "password_hash",
    hints: [
      "$krb5",
      "$dcc2$",
      "$1$",
      "$2",
      "$5$",
      "$6$",
      "$y$",
      "$argon2",
      "$7$",
      "$apr1$",
      "$gy$",
    ],
    regex:
      /\$(?:krb5\w{2,10}|DCC2|[1567y]|gy|2[abxy]?|apr1|argon2(?:id|i|d))\$[\w./+=,*:@$#-]{20,8000}/gi,
  },
  {
    kind: "kerberos",
    hints: ["doi", "yii"],
    regex: /(?<![A-Za-z0-9+/])(?:doI[EFG]|YII)[A-Za-z0-9+/=]{80,16000}/g,
  },
  {
    kind: "sas",
    hints: ["sig=", "sig%3d"],
    regex: /(?<![A-Za-z])sig(?:=|%3d)([A-Za-z0-9+/%=_-]{16,200})/gi,
  },
  {
    kind: "sas",
    hints: ["signature="],
    regex: /(?<![A-Za-z])(?:x-(?:amz|goog)-)?signature=([A-Za-z0-9+/%=_~-]{16,1200})/gi,
  },
];
