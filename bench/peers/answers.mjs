// Waits until a server that was just started answers.

/** Returns the body of the first good answer; gives up after 20 s. */
export async function answers(url, headers) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await fetch(url, { headers }).catch((error) => error);
    if (answer.ok) return answer.text();
    if (Date.now() > deadline) throw new Error(`${url} does not answer: ${answer.status ?? answer}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
