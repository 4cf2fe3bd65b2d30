import { dice } from "./request.ts";
import type { Clock } from "./request.ts";
import { connected, EXPLORER, processStarted, PROGRAMS, SYSTEM32 } from "./windows.ts";
import type { EventLog, Machine } from "./windows.ts";

const HABITS: { image: string; command: string; to: string; host: string }[] = [
  {
    image: `${PROGRAMS}\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE`,
    command: '"C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE" /recycle',
    to: "10.20.1.25",
    host: "mail.nordfrakt.example",
  },
  {
    image: `${PROGRAMS}\\Google\\Chrome\\Application\\chrome.exe`,
    command: '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" --type=utility',
    to: "10.20.1.80",
    host: "intranet.nordfrakt.example",
  },
  {
    image: `${SYSTEM32}\\svchost.exe`,
    command: "C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s wuauserv",
    to: "10.20.1.53",
    host: "updates.nordfrakt.example",
  },
  {
    image: `${PROGRAMS}\\Nordfrakt\\FreightDesk\\freightdesk.exe`,
    command: "freightdesk.exe --sync",
    to: "10.20.1.90",
    host: "freightdesk.nordfrakt.example",
  },
];

/** What a machine does anyway while something else happens on it: `count` harmless Sysmon events. */
export function routine(
  machine: Machine,
  log: EventLog,
  clock: Clock,
  given: { from: number; minutes: number; count: number; seed: number },
): object[] {
  const roll = dice(given.seed);
  return Array.from({ length: given.count }, (_, i) => {
    const habit = HABITS[roll(HABITS.length)] ?? HABITS[0]!;
    const at = clock(given.from + (i * given.minutes) / given.count, roll(40));
    const pid = 2_000 + roll(6_000);
    const starts = i % 3 === 0;
    return starts
      ? log.sysmon(
          at,
          1,
          processStarted(machine, {
            image: habit.image,
            command: habit.command,
            pid,
            parent: EXPLORER,
            parentPid: 4_412,
          }),
        )
      : log.sysmon(
          at,
          3,
          connected(
            machine,
            { image: habit.image, pid, port: 49_152 + roll(9_000) },
            { ip: habit.to, port: 443, host: habit.host },
          ),
        );
  });
}
