// Reads one number off a process's /metrics page.

/** The sum over all label sets of a metric; undefined when the page does not have it. */
export async function readMetric(opsUrl: string, name: string): Promise<number | undefined> {
  const res = await fetch(`${opsUrl}/metrics`);
  const samples = (await res.text())
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  if (samples.length === 0) return undefined;
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
