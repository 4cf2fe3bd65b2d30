/** Made-up Windows events of about 1 kB, as NDJSON in chunks of 64 kB; the same for the same arguments. */
export function windowsEvents(n: number, start: Date): Uint8Array[] {
  const encoder = new TextEncoder();
  const out: Uint8Array[] = [];
  let text = "";
  for (let at = 0; at < n; at += 1) {
    text += `${JSON.stringify(event(at, start))}\n`;
    if (text.length > 65_536) {
      out.push(encoder.encode(text));
      text = "";
    }
  }
  out.push(encoder.encode(text));
  return out;
}

const IMAGES = [
  "cmd.exe",
  "powershell.exe",
  "svchost.exe",
  "chrome.exe",
  "rundll32.exe",
  "net.exe",
];

function event(at: number, start: Date): Record<string, unknown> {
  const host = `WS-${String(at % 40).padStart(3, "0")}.bench.example`;
  const user = `user${at % 60}`;
  const common = {
    "@timestamp": new Date(start.getTime() + at * 250).toISOString(),
    Hostname: host,
    RecordNumber: at + 1,
    SourceName: "Microsoft-Windows-Sysmon",
    Channel: "Microsoft-Windows-Sysmon/Operational",
    Keywords: -9223372036854775808,
    ProviderGuid: "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
    Message:
      "Made for measuring; this line stands in for the text that a real record carries in its message field. ".repeat(
        2,
      ),
  };
  const image = IMAGES[at % IMAGES.length]!;
  const guid = (n: number) => `{0197231E-9BE6-6934-5301-${n.toString(16).padStart(12, "0")}}`;
  if (at % 5 === 4) {
    return {
      ...common,
      EventID: 3,
      Image: `C:\\Windows\\System32\\${image}`,
      ProcessGuid: guid(at - 1),
      ProcessId: 1000 + (at % 5000),
      User: `BENCH\\${user}`,
      SourceIp: `10.20.${at % 40}.${(at % 200) + 1}`,
      SourcePort: 40_000 + (at % 20_000),
      DestinationIp: `198.51.100.${(at % 250) + 1}`,
      DestinationPort: 443,
      Protocol: "tcp",
    };
  }
  return {
    ...common,
    EventID: 1,
    Image: `C:\\Windows\\System32\\${image}`,
    CommandLine: `C:\\Windows\\System32\\${image} /task ${at} --quiet`,
    ProcessGuid: guid(at),
    ProcessId: 1000 + (at % 5000),
    ParentImage: "C:\\Windows\\explorer.exe",
    ParentProcessGuid: guid(Math.max(0, at - 7)),
    ParentProcessId: 1000 + (Math.max(0, at - 7) % 5000),
    User: `BENCH\\${user}`,
    Hashes: `MD5=${"0123456789abcdef".repeat(2)},SHA256=${"fedcba9876543210".repeat(4)}`,
  };
}
