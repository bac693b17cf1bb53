// Tenants of one service, each with a telephone of their own, for tests with several slices.
import { Account, until } from "./account.ts";
import type { Service } from "./service.ts";

/** The simulator's account that the seller of this number links; the first is the scenario's own. */
export const phoneOf = (number: number): string => (number === 1 ? "test" : `test-${number}`);

/** A seller whose WhatsApp is linked, of the scenario `test`. */
export async function seller(service: Service, number: number): Promise<Account> {
  const id = phoneOf(number);
  if (number > 1) {
    const phone = `+55 11 90000-${String(number).padStart(4, "0")}`;
    const answer = await fetch(`${service.simulator}/_sim/accounts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ scenario: "test", id, phone }),
    });
    if (!answer.ok) throw new Error(`a telephone: ${answer.status} ${await answer.text()}`);
  }
  const account = await Account.register(service, `linked${number}@example.com`);
  await account.link("background", id);
  return account;
}

/** A tenant who began to link and gave it up: a slice without a browser. */
export async function withoutBrowser(service: Service, number: number): Promise<Account> {
  const account = await Account.register(service, `served${number}@example.com`);
  await account.call("POST", "/api/connect", { reading_mode: "background", accepted: "2026-11" });
  await until("a slice", async () => ((await account.call("GET", "/api/chats")).ok ? true : undefined), 120);
  await until("the end of linking", async () =>
    (await account.call("POST", "/api/connection/cancel")).ok ? true : undefined,
  );
  return account;
}
