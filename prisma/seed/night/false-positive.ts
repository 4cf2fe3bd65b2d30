import { clockFrom, dice, lines } from "./request.ts";
import type { NightRequest } from "./request.ts";
import { eve, signature } from "./suricata.ts";
import type { Flow } from "./suricata.ts";

const CHECKER = "10.20.5.9";
const SERVER = "10.20.70.15";
const AGENT = "Nordfrakt-Vulnerability-Check/7.3 (ticket CHG-20418)";
const PATHS =
  "/ /login /health /api/rates /struts/showcase.action /actuator /server-status /.git/HEAD".split(
    " ",
  );

/** The company's own vulnerability scanner trips a signature; every answer is a plain 404. */
export function requests(nightStart: Date): NightRequest[] {
  const clock = clockFrom(nightStart);
  const roll = dice(13);
  const flow = (i: number): Flow => ({
    id: 640_021_993_001_000 + i,
    from: CHECKER,
    fromPort: 41_000 + i,
    to: SERVER,
    toPort: 8080,
  });
  const http = (i: number) => ({
    app_proto: "http",
    http: {
      hostname: "shop-test.nordfrakt.example",
      url: PATHS[i % PATHS.length],
      http_user_agent: AGENT,
      http_method: "GET",
      protocol: "HTTP/1.1",
      status: i % PATHS.length < 3 ? 200 : 404,
      length: 162,
    },
  });
  const checks = Array.from({ length: 26 }, (_, i) => [
    eve(clock(100 + i * 0.4, roll(9)), "http", flow(i), http(i)),
    eve(clock(100 + i * 0.4, 12), "flow", flow(i), {
      app_proto: "http",
      flow: {
        pkts_toserver: 5,
        pkts_toclient: 4,
        bytes_toserver: 512,
        bytes_toclient: 700 + roll(90),
        state: "closed",
      },
    }),
  ]).flat();
  const alert = eve(clock(101, 37), "alert", flow(4), {
    ...signature({
      id: 2_024_038,
      text: "ET WEB_SPECIFIC_APPS Apache Struts showcase.action probe",
      category: "Attempted Information Leak",
      severity: 3,
    }),
    ...http(4),
  });
  return [{ source: "Network sensor", body: lines([...checks, alert]) }];
}
