/** A line of EVE: offset written without a colon, as Suricata does. */
export function eve(
  at: Date,
  type: string,
  flow: Flow,
  rest: Record<string, unknown> = {},
): object {
  return {
    timestamp: at.toISOString().replace("Z", "000+0000"),
    flow_id: flow.id,
    in_iface: "span0",
    event_type: type,
    src_ip: flow.from,
    src_port: flow.fromPort,
    dest_ip: flow.to,
    dest_port: flow.toPort,
    proto: flow.proto ?? "TCP",
    ...rest,
  };
}

export type Flow = {
  id: number;
  from: string;
  fromPort: number;
  to: string;
  toPort: number;
  proto?: string;
};

export type Signature = {
  id: number;
  text: string;
  category: string;
  severity: 1 | 2 | 3;
  action?: "allowed" | "blocked";
  technique?: string;
};

export function signature(s: Signature): Record<string, unknown> {
  return {
    alert: {
      action: s.action ?? "allowed",
      gid: 1,
      signature_id: s.id,
      rev: 4,
      signature: s.text,
      category: s.category,
      severity: s.severity,
      ...(s.technique ? { metadata: { mitre_technique_id: [s.technique] } } : {}),
    },
  };
}
