// A host that is full, as those see it who come later: their place, its end when somebody leaves, and what a deletion says.
import { type Browser, expect, type Page } from "@playwright/test";
import { Account, until } from "../account.ts";
import { signUpByHand } from "../browser.ts";
import { query } from "../database.ts";
import { Service } from "../service.ts";
import { SHOTS, SIZES, shoot } from "../shots.ts";
import { test } from "../test.ts";

const CONTROL = "wank_saas";
const DATABASE = "select count(*) from pg_database where datname = 'wa_slice_2'";
const CODE = { name: "QR code to scan with WhatsApp" };

test("who finds the host full sees the place in the queue, gives it up, and gets its turn when somebody leaves", async ({
  browser,
}) => {
  test.setTimeout(400_000);
  const service = await Service.create({ slices: "max_linked = 1\ndeletion_delay_hours = 1\n" });
  try {
    const first = await Account.register(service, "bia@example.com");
    const wish = { reading_mode: "on_open", accepted: "2026-11" };
    expect((await first.call("POST", "/api/connect", wish)).status).toBe(202);
    await until("her code", async () => (await phase(service, 1)) === "qr" || undefined);

    const app = await (await browser.newContext({ locale: "en-US" })).newPage();
    await signUpByHand(app, service);
    await expect(app.getByRole("heading", { name: "You are in the queue" })).toBeVisible();
    await expect(app.getByRole("status").getByText("Number 1", { exact: true })).toBeVisible();
    await expect(app.getByText(/^It will take about \d+ minutes\.$/)).toBeVisible();
    await app.reload();
    await expect(app.getByText("Number 1", { exact: true })).toBeVisible();
    await expectNothingScrollsSideways(browser, app, service, "queue", (page) =>
      expect(page.getByRole("status").getByText(/1$/)).toBeVisible(),
    );

    // Who leaves the queue is asked what to do next, and may come back.
    await app.getByRole("button", { name: "Leave the queue" }).click();
    await expect(app.getByRole("button", { name: "Connect WhatsApp" })).toBeVisible();
    await app.getByRole("button", { name: "Connect WhatsApp" }).click();
    await expect(app.getByRole("heading", { name: "You are in the queue" })).toBeVisible();

    expect((await first.call("POST", "/api/connection/cancel")).status).toBe(204);
    await expect(app.getByRole("img", CODE)).toBeVisible({ timeout: 60_000 });
    expect(
      query(service, "select count(*) from gateway.events where alert and kind = 'host.full'", CONTROL),
    ).not.toEqual(["0"]);

    query(service, "update gateway.slices set desired = 'deleted' where id = 2", CONTROL);
    await expect(app.getByText("This account's data are being deleted.")).toBeVisible();
    await expectNothingScrollsSideways(browser, app, service, "deleting", (page) =>
      expect(page.getByRole("main").getByText(/deleted\.|apagados\.|borrando\./)).toBeVisible(),
    );
    await expect(app.getByRole("button", { name: "Connect WhatsApp" })).toBeDisabled();
    expect(query(service, DATABASE, CONTROL)).toEqual(["1"]);

    // The delay is over: nothing is left, and the owner may begin anew.
    query(service, "update gateway.slices set phase_since = phase_since - interval '1 hour' where id = 2", CONTROL);
    await until("its end", async () => (await phase(service, 2)) === "deleted" || undefined);
    expect(query(service, DATABASE, CONTROL)).toEqual(["0"]);
    await expect(app.getByText("This account's data are being deleted.")).toBeHidden();
    await app.getByRole("radio", { name: "Only what I open" }).click();
    await app.getByRole("checkbox", { name: /I understand/ }).click();
    await app.getByRole("button", { name: "Connect WhatsApp" }).click();
    await expect(app.getByRole("img", CODE)).toBeVisible({ timeout: 60_000 });
    const rest = () => query(service, "select phase from gateway.slices order by id", CONTROL).slice(1);
    await expect.poll(rest).toEqual(["deleted", "qr"]);
  } finally {
    await service.remove();
  }
});

async function phase(service: Service, slice: number): Promise<string | undefined> {
  return query(service, `select phase from gateway.slices where id = ${slice}`, CONTROL)[0];
}

/** The screen in every language and both sizes; pictures of it where somebody wants to look. */
async function expectNothingScrollsSideways(
  browser: Browser,
  app: Page,
  service: Service,
  name: string,
  shown: (page: Page) => Promise<void>,
): Promise<void> {
  const storageState = await app.context().storageState();
  const account = await Account.of(service, await app.context().cookies());
  for (const locale of ["pt-BR", "es", "en"]) {
    await account.call("PUT", "/auth/me", { locale });
    for (const viewport of SIZES) {
      const context = await browser.newContext({ locale, viewport, storageState });
      const page = await context.newPage();
      await page.goto(`${service.app}/connect`);
      await shown(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
      if (SHOTS) await shoot(page, `${name}-${locale}`);
      await context.close();
    }
  }
}
