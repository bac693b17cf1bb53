// Faults that the conformance suite puts into the page on purpose, to see that its tests can turn red.

const wanted = new URLSearchParams(location.search).get("fault");

/** Whether the page shall be wrong in this way. */
export function faulty(name: string): boolean {
  return wanted === name;
}
