import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import type { Pool } from "pg";

type Bindings = {
  SchemaEngine: typeof SchemaEngine;
  ["__wbg_set_wasm"]: (exports: WebAssembly.Exports) => void;
};

export type EngineSession = {
  engine: SchemaEngine;
  /** The last error that Postgres itself gave while the engine ran; the engine's own words hide it. */
  postgresError: () => Error | null;
  /** Gives the connection back; the engine does not by itself. */
  close: () => Promise<void>;
};

// Where the engine puts the words of a panic; without it a panic hides behind a TypeError of its bindings.
Object.assign(globalThis, {
  PRISMA_WASM_PANIC_REGISTRY: {
    set_message: (message: string) => {
      throw new Error(message);
    },
  },
});

let loaded: Promise<Bindings> | null = null;

/**
 * Prisma's own migration engine as WebAssembly, over a pg connection: no binary to download.
 * `datamodel` is the text of schema.prisma.
 */
export async function openSchemaEngine(
  connectionString: string,
  datamodel: string,
): Promise<EngineSession> {
  loaded ??= loadBindings();
  const { SchemaEngine: Engine } = await loaded;
  const factory = new WholeScriptFactory(connectionString);
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  const engine = await Engine.new(
    { datamodels: [["schema.prisma", datamodel]] },
    () => {},
    adapter,
  );
  const close = async (): Promise<void> => {
    engine.free();
    await factory.closePools();
  };
  return { engine, postgresError: () => factory.lastError, close };
}

async function loadBindings(): Promise<Bindings> {
  const path = createRequire(import.meta.url).resolve(
    "@prisma/schema-engine-wasm/schema_engine_bg",
  );
  const bytes = await readFile(path.replace(/\.js$/, ".wasm"));
  const engine = bindings as unknown as Bindings;
  const { instance } = await WebAssembly.instantiate(bytes, {
    "./schema_engine_bg.js": withoutWaiting(),
  });
  engine["__wbg_set_wasm"](instance.exports);
  (instance.exports["__wbindgen_start"] as () => void)();
  return engine;
}

/** The engine's own lock timer is never cleared and would hold a finished process for ten seconds. */
function withoutWaiting(): WebAssembly.ModuleImports {
  const imports = { ...bindings } as unknown as WebAssembly.ModuleImports;
  const name = Object.keys(imports).find((key) => key.startsWith("__wbg_setTimeout_"));
  const setTimer = name && (imports[name] as (...words: unknown[]) => unknown);
  if (!name || !setTimer) return imports;
  imports[name] = (...words: unknown[]) => {
    const timer = setTimer(...words);
    if (timer instanceof Object && "unref" in timer) (timer as NodeJS.Timeout).unref();
    return timer;
  };
  return imports;
}

/**
 * The stock adapter cuts a script at every semicolon, which breaks function bodies, and sends the pieces over a
 * pool. Here a script goes out whole: Postgres runs it as one transaction, so a migration applies or does not.
 */
class WholeScriptFactory extends PrismaPg {
  lastError: Error | null = null;
  readonly #pools = new Set<Pool>();

  constructor(connectionString: string) {
    super({ connectionString, max: 1, connectionTimeoutMillis: 10_000 });
  }

  override async connect(): ReturnType<PrismaPg["connect"]> {
    const adapter = await super.connect();
    const pool = adapter.underlyingDriver();
    this.#pools.add(pool);
    adapter.executeScript = async (script) => {
      try {
        await pool.query(script);
      } catch (error) {
        this.lastError = error as Error;
        throw error;
      }
    };
    return adapter;
  }

  async closePools(): Promise<void> {
    await Promise.all([...this.#pools].filter((pool) => !pool.ended).map((pool) => pool.end()));
  }
}
