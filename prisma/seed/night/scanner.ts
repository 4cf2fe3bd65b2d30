import { clockFrom, dice, lines } from "./request.ts";
import type { Clock, NightRequest } from "./request.ts";
import { eve, signature } from "./suricata.ts";
import type { Flow, Signature } from "./suricata.ts";

const SCANNER = "203.0.113.200";
const PORTS = [
  21, 22, 23, 25, 80, 110, 143, 443, 445, 1433, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200,
];
const FLOWS = 1_960;

const SIGNATURES: Signature[] = [
  {
    id: 2_001_219,
    text: "ET SCAN Potential SSH Scan",
    category: "Attempted Information Leak",
    severity: 2,
    technique: "T1046",
  },
  {
    id: 2_010_935,
    text: "ET SCAN Suspicious inbound to MSSQL port 1433",
    category: "Potentially Bad Traffic",
    severity: 2,
  },
  {
    id: 2_010_937,
    text: "ET SCAN Suspicious inbound to mySQL port 3306",
    category: "Potentially Bad Traffic",
    severity: 2,
  },
  {
    id: 2_010_939,
    text: "ET SCAN Suspicious inbound to PostgreSQL port 5432",
    category: "Potentially Bad Traffic",
    severity: 2,
  },
];
const BY_PORT = new Map([
  [22, SIGNATURES[0]],
  [1433, SIGNATURES[1]],
  [3306, SIGNATURES[2]],
  [5432, SIGNATURES[3]],
]);

/** One address knocks on every door of the perimeter for an hour; the firewall drops it all. */
export function requests(nightStart: Date): NightRequest[] {
  const clock = clockFrom(nightStart);
  const records = knocks(clock);
  const half = Math.ceil(records.length / 2);
  return [
    { source: "Network sensor", body: lines(records.slice(0, half)) },
    { source: "Network sensor", body: lines(records.slice(half)) },
  ];
}

function knocks(clock: Clock): object[] {
  const roll = dice(200);
  return Array.from({ length: FLOWS }, (_, i) => {
    const port = PORTS[i % PORTS.length] ?? 80;
    const flow: Flow = {
      id: 977_100_400_000_000 + i,
      from: SCANNER,
      fromPort: 30_000 + roll(30_000),
      to: `10.20.40.${10 + (Math.floor(i / PORTS.length) % 110)}`,
      toPort: port,
    };
    const at = clock(303, (i * 3_400) / FLOWS);
    const closed = eve(at, "flow", flow, {
      flow: {
        pkts_toserver: 1,
        pkts_toclient: 0,
        bytes_toserver: 60,
        bytes_toclient: 0,
        state: "new",
        reason: "timeout",
      },
      tcp: { tcp_flags: "02", syn: true },
    });
    const rule = BY_PORT.get(port);
    if (!rule || i % 5 !== 0) return [closed];
    return [closed, eve(at, "alert", flow, signature({ ...rule, action: "blocked" }))];
  }).flat();
}
