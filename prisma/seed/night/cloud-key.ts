import { clockFrom, dice, idOn, lines } from "./request.ts";
import type { Clock, NightRequest } from "./request.ts";
import { ACCOUNT, attack, ocsf } from "./ocsf.ts";

const USER = {
  name: "ci-deploy",
  type: "IAMUser",
  uid: "AIDAEXAMPLECIDEPLOY01",
  uid_alt: "arn:aws:iam::111122223333:user/ci-deploy",
  // The example key id that cloud documentation uses; it opens nothing.
  credential_uid: "AKIAIOSFODNN7EXAMPLE",
};
const THIEF = "192.0.2.44";
const BUILDER = "10.20.60.8";
const BUCKET = "nordfrakt-customs-archive";

type Call = {
  at: Date;
  operation: string;
  service: string;
  ip: string;
  agent: string;
  error?: string;
  resource?: string;
};

/** A build key is used from an address it was never used from, and an archive is read out. */
export function requests(nightStart: Date): NightRequest[] {
  const clock = clockFrom(nightStart);
  const calls = [...builds(clock), ...theft(clock)].toSorted(
    (a, b) => a.at.getTime() - b.at.getTime(),
  );
  const events = calls.map((call, i) => apiActivity(nightStart, call, i));
  return [{ source: "Cloud audit", body: lines([...events, ...findings(nightStart, clock)]) }];
}

function builds(clock: Clock): Call[] {
  return Array.from({ length: 16 }, (_, i) => ({
    at: clock(256 + i * 4, 9),
    operation: i % 2 === 0 ? "PutObject" : "UpdateFunctionCode",
    service: i % 2 === 0 ? "s3" : "lambda",
    ip: BUILDER,
    agent: "deploy-runner/4.2",
    resource: i % 2 === 0 ? "nordfrakt-releases" : "tms-rates",
  }));
}

function theft(clock: Clock): Call[] {
  const agent = "aws-cli/2.17.9 Python/3.11.8 Linux/6.1 exe/x86_64";
  const roll = dice(77);
  const call = (at: Date, operation: string, service: string, more: Partial<Call> = {}): Call => ({
    at,
    operation,
    service,
    ip: THIEF,
    agent,
    ...more,
  });
  const reads = Array.from({ length: 58 }, (_, i) =>
    call(clock(283, i * 6 + roll(4)), "GetObject", "s3", { resource: BUCKET }),
  );
  const denied = { error: "AccessDenied" };
  return [
    call(clock(271, 8), "GetCallerIdentity", "sts"),
    call(clock(272, 1), "ListUsers", "iam", denied),
    call(clock(272, 30), "CreateAccessKey", "iam", denied),
    call(clock(273, 2), "AttachUserPolicy", "iam", denied),
    call(clock(274, 44), "ListBuckets", "s3"),
    call(clock(276, 3), "GetBucketPolicy", "s3", { resource: BUCKET }),
    call(clock(277, 20), "StopLogging", "cloudtrail", denied),
    call(clock(279, 5), "ListObjectsV2", "s3", { resource: BUCKET }),
    ...reads,
  ];
}

function apiActivity(night: Date, call: Call, i: number): object {
  const read = /^(?:Get|List|Describe)/.test(call.operation);
  return ocsf(
    {
      class_uid: 6003,
      activity_id: read ? 2 : 3,
      activity_name: read ? "Read" : "Update",
      time: call.at,
      uid: idOn(night, `api ${i}`),
      product: "cloud",
    },
    {
      status_id: call.error ? 2 : 1,
      status: call.error ? "Failure" : "Success",
      ...(call.error ? { status_code: call.error } : {}),
      api: { operation: call.operation, service: { name: `${call.service}.amazonaws.com` } },
      actor: { user: USER },
      src_endpoint: { ip: call.ip },
      http_request: { user_agent: call.agent },
      cloud: { ...ACCOUNT, region: "eu-north-1" },
      ...(call.resource ? { resources: [{ uid: call.resource, type: "bucket" }] } : {}),
    },
  );
}

function findings(night: Date, clock: Clock): object[] {
  const finding = (
    at: Date,
    title: string,
    severity_id: number,
    desc: string,
    attacks: object[],
    resource?: string,
  ): object =>
    ocsf(
      {
        class_uid: 2004,
        activity_id: 1,
        activity_name: "Create",
        time: at,
        uid: idOn(night, title),
        product: "detect",
      },
      {
        severity_id,
        status_id: 1,
        status: "New",
        finding_info: {
          uid: idOn(night, `finding ${title}`),
          title,
          desc,
          attacks,
          analytic: { name: title, type_id: 1 },
        },
        evidences: [{ actor: { user: USER }, src_endpoint: { ip: THIEF } }],
        cloud: { ...ACCOUNT, region: "eu-north-1" },
        ...(resource ? { resources: [{ uid: resource, type: "bucket" }] } : {}),
      },
    );
  return [
    finding(
      clock(271, 30),
      "Access key used from a new network",
      3,
      "A long-lived access key was used from an address outside its usual networks.",
      [attack("T1078.004", "Cloud Accounts", "Initial Access")],
    ),
    finding(
      clock(277, 40),
      "Attempt to stop audit logging",
      4,
      "StopLogging was called and denied.",
      [attack("T1562.008", "Disable or Modify Cloud Logs", "Defense Evasion")],
    ),
    finding(
      clock(287),
      "Unusual volume of object reads",
      4,
      "One principal read far more objects than in the thirty days before.",
      [attack("T1530", "Data from Cloud Storage", "Collection")],
      BUCKET,
    ),
  ];
}
