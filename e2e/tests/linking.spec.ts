// The life of a link, as its tenant sees it: by phone number, ended, linked again, erased.
import { expect } from "@playwright/test";
import { PASSWORD, signUpByHand } from "../browser.ts";
import { ageSessions } from "../database.ts";
import { Service } from "../service.ts";
import { shootBoth } from "../shots.ts";
import { test } from "../test.ts";

test("a link by phone number, its end, the question whose account is linked, and a wipe", async ({ browser }) => {
  test.setTimeout(300_000);
  const service = await Service.create({ speed: 4 });
  try {
    const app = await (await browser.newContext({ locale: "en-US" })).newPage();
    await signUpByHand(app, service);
    await expect(app.getByRole("img", { name: "QR code to scan with WhatsApp" })).toBeVisible();

    // By number: a wrong one is refused by us, one that nobody has by WhatsApp's page, and the right one gets a code.
    await app.getByRole("button", { name: /Link with your phone number/ }).click();
    await app.getByLabel("Country").selectOption("BR");
    await app.getByLabel("Phone number").fill("12");
    await app.keyboard.press("Enter");
    await expect(app.getByRole("alert")).toHaveText("The number is too short or too long.");
    await app.getByLabel("Phone number").fill("(11) 97777-7777");
    await app.keyboard.press("Enter");
    await expect(app.getByRole("alert")).toHaveText(/WhatsApp does not accept this number/, { timeout: 60_000 });
    await shootBoth(app, "pairing-refused");
    const accounts = (await (await fetch(`${service.simulator}/_sim/accounts`)).json()) as { phone: string }[];
    await app.getByLabel("Phone number").fill(accounts[0]?.phone ?? "");
    await app.getByRole("button", { name: "Show the code" }).click();
    const cells = app.locator("[data-link-code]");
    await expect(cells).toBeVisible({ timeout: 60_000 });
    await shootBoth(app, "pairing-code");
    await scan(service, { link_code: await cells.getAttribute("data-link-code") });
    await expect(app.getByRole("button", { name: "Connection: READY" })).toBeVisible({ timeout: 90_000 });
    const list = app.getByRole("navigation", { name: "Chats" });
    await expect(list.getByRole("link").first()).toBeVisible();

    // The keyboard leads to the page of the connection.
    await app.getByRole("button", { name: "Connection: READY" }).press("Enter");
    await app.getByRole("link", { name: "Details and history" }).press("Enter");
    await expect(app.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
    await expect(app.getByText("Connected without a break since it was linked.")).toBeVisible();

    // Offline for a moment: that is written down.
    await post(service, "disturb", { offline: true });
    await expect(app.getByRole("heading", { name: "Connected, but nothing gets through" })).toBeVisible({
      timeout: 30_000,
    });
    await post(service, "disturb", { offline: false });
    await expect(app.getByRole("heading", { name: "Connected", exact: true })).toBeVisible({ timeout: 30_000 });
    await app.reload();
    await expect(app.getByRole("listitem").filter({ hasText: "WhatsApp could not be reached." })).toBeVisible();
    await shootBoth(app, "connection");

    await app.getByRole("button", { name: "Disconnect…" }).click();
    await app.getByRole("dialog").getByRole("button", { name: "Disconnect", exact: true }).click();
    await expect(app.getByRole("dialog").getByText(/One thing is left for you/)).toBeVisible({ timeout: 60_000 });
    await shootBoth(app, "disconnected");
    await app.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await app.goto(`${service.app}/chats`);
    await expect(list.getByRole("link").first()).toBeVisible();

    // Linked again by a code: the page shows no number, so nothing is stored until somebody answers.
    await app.goto(`${service.app}/connect`);
    await app.getByRole("button", { name: "Connect WhatsApp" }).click();
    const code = app.locator("svg[data-code]");
    await expect(code).toBeVisible({ timeout: 60_000 });
    await scan(service, { code: await code.getAttribute("data-code") });
    await expect(app.getByRole("heading", { name: /Another phone is linked|the same WhatsApp/ })).toBeVisible({
      timeout: 90_000,
    });
    await shootBoth(app, "other-account");
    await app.getByRole("radio", { name: "Keep them and add the new ones" }).click();
    await app.getByRole("button", { name: "Continue" }).click();
    await expect(app.getByRole("button", { name: "Connection: READY" })).toBeVisible({ timeout: 90_000 });

    await app.goto(`${service.app}/connection`);
    await app.getByRole("button", { name: "Erase everything…" }).click();
    const dialog = app.getByRole("dialog");
    await expect(dialog.getByRole("button", { name: "Erase everything" })).toBeDisabled();
    await dialog.getByRole("checkbox").click();
    await dialog.getByLabel(/Type .erase. to confirm/).fill("erase");
    await shootBoth(app, "wipe");
    // Signed in a while ago: whoever sits at the screen now has to know the password.
    ageSessions(service);
    await dialog.getByRole("button", { name: "Erase everything" }).click();
    const password = app.getByRole("dialog", { name: "Your password once more" });
    await expect(password.getByLabel("Password", { exact: true })).toBeFocused();
    await app.keyboard.type("somebody else's guess");
    await app.keyboard.press("Enter");
    await expect(password.getByText("That is not the password of this account.")).toBeVisible();
    await shootBoth(app, "password-again");
    await password.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await password.getByRole("button", { name: "Go on" }).click();
    await expect(dialog.getByText(/One thing is left for you/)).toBeVisible({ timeout: 60_000 });
    await app.goto(`${service.app}/connect`);
    await expect(app.getByText(/Everything stored here is erased/)).toBeVisible({ timeout: 30_000 });
  } finally {
    await service.remove();
  }
});

async function post(service: Service, path: string, body: object): Promise<void> {
  const answer = await fetch(`${service.simulator}/_sim/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
}

const scan = (service: Service, body: object): Promise<void> => post(service, "scan", body);
