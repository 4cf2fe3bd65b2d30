/** The first label of a host name, for a narrow column; an address stays whole. */
export function shortHost(host: string): string {
  const isAddress = /^[\d.]+$/.test(host) || host.includes(":");
  return isAddress ? host : (host.split(".")[0] ?? host) || host;
}
