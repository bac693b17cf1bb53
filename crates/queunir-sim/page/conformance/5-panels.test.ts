// Evidence 5: info panels, and the lists of people.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChat, Stage } from "./stage.ts";

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  for (let index = 10; index < 70; index += 1)
    await stage.toChat("Read only", {
      do: "join",
      member: { phone: `+55 31 97${index}0-00${index}`, push: `P${index}` },
    });
  page = await stage.linked();
});
afterAll(() => stage.end());

const drawer = (): Locator => page.locator('[data-testid="drawer-right"]');
const openInfo = async (title: string): Promise<void> => {
  await openChat(page, title);
  await page.locator('[data-testid="conversation-info-header"]').click();
  await drawer().waitFor();
};

test("5.1-01 a contact's panel has header, name, subtitle and section", async () => {
  await openInfo("Kinds");
  expect(
    await drawer().locator('[data-testid="chat-info-drawer"] header[data-testid="contact-info-header"]').count(),
  ).toBe(1);
  await drawer().locator('[data-testid="section-phone-number"]').waitFor();
  expect(await drawer().locator('[data-testid~="contact-info-subtitle"]').textContent()).toBe("+55 11 92000-0001");
});

test("3.5-02 a test id can be two words", async () => {
  expect(await drawer().locator('[data-testid="contact-info-subtitle selectable-text"]').count()).toBe(1);
  expect(await drawer().locator('[data-testid="select-all selectable-text"]').count()).toBeGreaterThan(0);
});

test("5.1-02 the number can be missing", async () => {
  await openInfo("+55 11 92000-0021");
  await drawer().locator('[data-testid="section-phone-number"]').waitFor();
  expect(await drawer().locator('[data-testid~="contact-info-subtitle"]').textContent()).toBe("~Stranger");
  await stage.toChat("+55 11 92000-0021", { do: "hide_phone", shown: "~Stranger" });
  await openChat(page, "Kinds");
  await openInfo("~Stranger");
  await drawer().locator('[data-testid="contact-info-pnh-info"]').waitFor();
  expect(await drawer().textContent()).not.toContain("92000");
});

test("5.1-03 a business says what it is, when it is open and where it is found", async () => {
  await openInfo("Corner Bakery");
  await drawer().locator('a[data-testid="business-info-email"][href="mailto:hello@bakery.example"]').waitFor();
  expect(await drawer().locator('[data-testid="business-info-website"]').textContent()).toBe("https://bakery.example/");
  expect(await drawer().locator('[data-testid="business-hours-row"]').count()).toBe(2);
  expect(await drawer().getByText("Rua Augusta 1").count()).toBe(1);
});

test("5.1-04 the name of a section can stand on its heading alone", async () => {
  const heading = drawer().locator('[data-testid="section-about-and-phone-number"]');
  expect(await heading.textContent()).toBe("About");
  expect(await drawer().locator('[data-testid~="selectable-text"]', { hasText: "Bread at six" }).count()).toBe(1);
});

test("5.1-06 the panel is closed by the button in its header", async () => {
  await drawer().locator('header [data-testid="btn-closer-drawer"]').click();
  await drawer().waitFor({ state: "detached" });
});

test("5.2-01 5.2-02 a group's panel has its description, counts its members and lists them all in a dialog", async () => {
  await openInfo("Group of three");
  expect(await drawer().locator('[data-testid="group-info-header"]').count()).toBe(1);
  expect(await drawer().locator('[data-testid="group-subject"]').textContent()).toBe("Group of three");
  await expect
    .poll(() => drawer().locator('[data-testid="group-info-top-card-subtitle"]').textContent())
    .toBe("Group · 4 members");
  expect(await drawer().locator('[data-testid="group-info-drawer-description-container"]').textContent()).toBe(
    "Deliveries of the week",
  );
  await openInfo("Read only");
  await expect
    .poll(() => drawer().locator('[data-testid="group-info-top-card-subtitle"]').textContent())
    .toBe("Group · 62 members");
  await drawer().locator('[data-testid="group-info-participants-section"]').getByText("View all (52 more)").click();
  const people = page.locator('[role="dialog"] [role="listitem"]');
  await people.first().waitFor();
  expect(await people.count()).toBeLessThan(62);
  expect(await page.locator('[role="dialog"] input[aria-label="Search members"]').count()).toBe(1);
  expect(await people.filter({ hasText: "+55 31" }).first().textContent()).toMatch(/~P\d\d$/);
  await page.keyboard.press("Escape");
});

test("2.2-09 the New chat drawer lists contacts as list items with one button each", async () => {
  await page.locator("#side").getByRole("button", { name: "New chat" }).click();
  const items = page.locator('[data-testid="drawer-left"] [role="listitem"]');
  await items.first().waitFor();
  expect(await items.locator('span[title="Muted one"]').textContent()).toBe("Muted one");
  expect(await items.first().locator('[role="button"]').count()).toBe(1);
  await items.filter({ hasText: "Muted one" }).click();
  await page.locator('#main [title="Muted one"]').waitFor();
});
