/** Which files of the sample data go in, as what, and how they are sent. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { SourceFormat } from "#lib/domain/evidence/record.ts";
import { containerOf, countRecords } from "./count-records.ts";
import type { Container } from "./count-records.ts";

export type SampleFile = {
  path: string;
  /** `named`: in a format of its own; `other`: JSON of another vendor, recognised by shape or kept as it is. */
  group: "named" | "other";
  format: SourceFormat;
  /** As it lies on disk, gzip or not. */
  stored: Buffer;
  /** Unpacked. */
  bytes: Buffer;
  gzip: boolean;
  container: Container;
  /** Counted by `countRecords`; for a broken file, as MANIFEST.json lists it. */
  records: number;
  listed: number;
  /** No JSON text as it lies there, on purpose. */
  broken: boolean;
};

type Listed = { file: string; count: number };

const JSON_NAME = /\.(?:json|ndjson|jsonl)(?:\.gz)?$/;
const ANSWERS = /labels\.ndjson$|(?:^|\/)ground-truth\//;
/** Logs that hold JSON, one record a line. */
const JSON_LOG = /^osquery\/|^zeek\/zat\/json_/;

const NAMED: [RegExp, SourceFormat][] = [
  [/^ocsf\//, "ocsf"],
  [/^graph-security\//, "graph-security"],
  [/^sentinel-defender-xdr\//, "sentinel"],
  [/^windows-/, "windows-event"],
  [/^suricata\/|^quirks\/eve_/, "suricata-eve"],
  [/^elastic-security\/|^vendor-api-samples\/elastic_ecs/, "elastic-ecs"],
];

/** What CI takes: small files, every format, and the broken ones. */
const SHORT = new Set([
  "ocsf/prowler_aws.ocsf.json",
  "graph-security/alert_v2.json",
  "sentinel-defender-xdr/SecurityAlert.ndjson",
  "sentinel-defender-xdr/SecurityIncident.ndjson",
  "windows-otrf/cmd_psexec_lsa_secrets_dump_2020-10-1903305471.json",
  "windows-otrf/covenant_dcsync_dcerpc_drsuapi_DsGetNCChanges_2020-08-05020926.json.gz",
  "windows-evtx/evtx-attack-samples/Credential_Access_CA_DCSync_4662.ndjson",
  "windows-evtx/evtx-attack-samples/Command_and_Control_DE_sysmon-3-rdp-tun.ndjson",
  "windows-sigma-regression/events.ndjson",
  "windows-other/open-xp/UAC_Bypass_Via_Consent_raw_events_1.json",
  "suricata/chronicle_suricata_samples.json",
  "suricata/schtask_create_2020-12-1907003032.eve.json",
  "suricata/zeek_bruteforce.pcap.eve.json",
  "elastic-security/ecs_rfc_example_alert.json",
  "vendor-api-samples/elastic_ecs.ndjson",
  "vendor-api-samples/aws_guardduty.ndjson",
  "aws-cloudtrail/ec2_proxy_s3_exfiltration_2020-09-14011940.json",
  "aws-cloudtrail/stratus/aws.defense-evasion.cloudtrail-stop.json",
  "scenario-okta-add-administrator/brute_force_logins.Okta.SystemLog.ndjson",
  "falco/falco_alerts.ndjson",
  "zeek/zat/json_conn.log",
  "stix/oasis_sighting-of-an-indicator.json",
  "quirks/eve_one_broken_line.json",
  "quirks/large_field_event.jsonl",
  "quirks/splunk_search_results_invalid.json",
  "quirks/zero_bytes.json",
]);

/** The group and source format of a file by its path; null for answers and for what is not JSON. */
export function classify(path: string): { group: "named" | "other"; format: SourceFormat } | null {
  if (ANSWERS.test(path) || !(JSON_NAME.test(path) || JSON_LOG.test(path))) return null;
  const format = NAMED.find(([pattern]) => pattern.test(path))?.[1];
  return format ? { group: "named", format } : { group: "other", format: "auto" };
}

/** Every JSON file that MANIFEST.json lists, or with `short` a fixed sample of them; in the order of the list. */
export async function readSampleFiles(folder: string, short: boolean): Promise<SampleFile[]> {
  const listed = JSON.parse(await readFile(join(folder, "MANIFEST.json"), "utf8")) as Listed[];
  const files: SampleFile[] = [];
  for (const { file: path, count } of listed) {
    const kind = classify(path);
    if (!kind || (short && !SHORT.has(path))) continue;
    const stored = await readFile(join(folder, path));
    const gzip = path.endsWith(".gz");
    const bytes = gzip ? gunzipSync(stored) : stored;
    const container = containerOf(path, bytes);
    const counted = countRecords(bytes, container);
    const records = counted ?? count;
    files.push({
      path,
      ...kind,
      stored,
      bytes,
      gzip,
      container,
      records,
      listed: count,
      broken: counted === null,
    });
  }
  return files;
}

/** Why MANIFEST.json counts something else than records, in a sentence; null when it should not. */
export function whyListedOtherwise(path: string): string | null {
  if (path.startsWith("stix/")) return "the list counts the objects inside one bundle";
  if (path.startsWith("misp/")) return "the list counts the attributes inside one event";
  if (path.startsWith("prompt-injection/")) return "the list counts the texts inside one object";
  return null;
}
