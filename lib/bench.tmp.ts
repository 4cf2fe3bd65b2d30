import { benchQueue, benchIncident } from "#lib/cli/bench/screens.ts";
import { startScratchServer } from "#lib/cli/scratch-database.ts";
const s = await startScratchServer();
try { for (const f of await benchQueue(s, 100000)) console.log(f.id, f.value, f.note);
for (const f of await benchIncident(s, 10000)) console.log(f.id, f.value, f.note); } finally { await s.stop(); }
