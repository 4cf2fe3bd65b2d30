/** Parts of OCSF events that several incidents of the night share. */
const PRODUCTS = {
  cloud: { name: "Cloud Trail Lake", vendor_name: "Nimbus Cloud" },
  detect: { name: "Cloud Guard", vendor_name: "Nimbus Cloud" },
  drive: { name: "Team Drive", vendor_name: "Nimbus Cloud" },
  dlp: { name: "Endpoint DLP", vendor_name: "Harbour Security" },
  mail: { name: "Mail Gateway", vendor_name: "Harbour Security" },
} as const;

type Base = {
  class_uid: number;
  activity_id: number;
  activity_name: string;
  time: Date;
  uid: string;
  product: keyof typeof PRODUCTS;
};

/** The attributes every OCSF 1.5 event has. */
export function ocsf(base: Base, rest: Record<string, unknown>): object {
  return {
    class_uid: base.class_uid,
    category_uid: Math.floor(base.class_uid / 1000),
    type_uid: base.class_uid * 100 + base.activity_id,
    activity_id: base.activity_id,
    activity_name: base.activity_name,
    time: base.time.getTime(),
    severity_id: 1,
    metadata: { version: "1.5.0", uid: base.uid, product: PRODUCTS[base.product] },
    ...rest,
  };
}

export const ACCOUNT = {
  account: { uid: "111122223333", type: "AWS Account" },
  provider: "Nimbus",
};

/** A technique as OCSF writes it. */
export function attack(technique: string, name: string, tactic: string): object {
  const sub = technique.includes(".");
  return {
    version: "18.1",
    tactics: [{ name: tactic }],
    technique: { uid: technique.slice(0, 5), name },
    ...(sub ? { sub_technique: { uid: technique, name } } : {}),
  };
}
