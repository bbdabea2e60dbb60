// What the system asks of a page: less motion, its own colours; and the ring of the focus in all of them.
import { dialog, everyPage, expect, openDrawer, type Page, person, profile, settled, signIn, test } from "./fixtures";

const ada = person("Ada");

/** What moves or would move: everything in the page and before and after it that has a duration. */
async function moving(page: Page) {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll("*")) {
      for (const part of ["", "::before", "::after", "::backdrop"]) {
        const style = getComputedStyle(element, part || null);
        const moves = [
          [style.transitionDuration, style.transitionDelay],
          style.animationName === "none" ? ["0s"] : [style.animationDuration],
        ].flat();
        if (moves.some((times) => times.split(", ").some((time) => parseFloat(time) > 0))) {
          found.push(`${element.tagName} ${element.className}${part}: ${moves.join(" ")}`);
        }
      }
    }
    for (const animation of document.getAnimations()) {
      if (animation.playState === "running") found.push(`an animation of ${(animation.effect as KeyframeEffect).target?.tagName}`);
    }
    return found;
  });
}

test("with reduced motion nothing moves: no page, no drawer, no dialog, no message", async ({ page, api }) => {
  const { acme } = await everyPage(api, ada);
  // Otherwise something does, or this would prove nothing.
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await settled(page);
  await openDrawer(page);
  expect(await moving(page)).not.toEqual([]);
  await page.keyboard.press("Escape");

  await page.emulateMedia({ reducedMotion: "reduce" });
  expect(await moving(page)).toEqual([]);
  await openDrawer(page);
  expect(await moving(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = dialog(page, "Invite members");
  await form.getByRole("textbox", { name: "Emails" }).fill("dan@example.com,");
  await expect(form.getByRole("button", { name: "Remove dan@example.com" })).toBeVisible();
  expect(await moving(page)).toEqual([]);
  await form.getByRole("button", { name: "Send invitations" }).click();
  await expect(page.getByRole("status").filter({ hasText: "dan@example.com was invited" })).toBeVisible();
  expect(await moving(page)).toEqual([]);
});

/** Whether what has the focus shows it: an outline of its own, of its label or of the box around it. */
async function ring(page: Page) {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const label = "labels" in element ? (element.labels as NodeListOf<HTMLElement> | null)?.[0] : undefined;
    const around = [element, label, label?.querySelector("*"), element.parentElement, element.parentElement?.parentElement, element.nextElementSibling];
    const outlines = around.filter((one) => one instanceof HTMLElement).map((one) => getComputedStyle(one));
    const seen = outlines.some(
      ({ outlineStyle, outlineWidth, outlineColor }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/\/ 0\)$|^rgba\(.*, 0\)$|^transparent$/.test(outlineColor),
    );
    return { seen, name: `${element.tagName} ${element.ariaLabel ?? element.innerText ?? ""}`.trim() };
  });
}

for (const forcedColors of ["none", "active"] as const) {
  test(`the keyboard's place is always to be seen${forcedColors === "active" ? ", with forced colours too" : ""}`, async ({ page, api }) => {
    const { acme } = await everyPage(api, ada);
    await page.emulateMedia({ forcedColors, reducedMotion: "reduce" });
    const walk = async (most: number) => {
      const names = new Set<string>();
      for (let step = 0; step < most; step++) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(() => document.activeElement === document.body)) break;
        const { seen, name } = await ring(page);
        expect.soft(seen, `${name} shows no focus on ${new URL(page.url()).pathname}`).toBe(true);
        names.add(name);
      }
      return names;
    };
    await page.goto("/login");
    await settled(page);
    expect((await walk(6)).size).toBeGreaterThan(2);
    await signIn(page, ada);
    for (const part of ["members", "roles", "workspaces", "billing"]) {
      await page.goto(`/o/${acme.id}/settings/${part}`);
      await settled(page);
      expect((await walk(60)).size, part).toBeGreaterThan(6);
    }
    await page.goto(`/o/${acme.id}/settings/members`);
    await settled(page);
    await page.getByRole("button", { name: "Invite", exact: true }).press("Enter");
    await expect(dialog(page, "Invite members").getByRole("textbox", { name: "Emails" })).toBeFocused();
    expect((await walk(9)).size).toBeGreaterThan(4);
    await page.keyboard.press("Escape");
    await profile(page).press("Enter");
    // Its content comes after its frame.
    await expect(dialog(page, "Organizations").getByRole("list", { name: "Organizations" })).toBeVisible();
    expect((await walk(12)).size).toBeGreaterThan(3);
  });
}

test("with forced colours what is chosen, on or wrong is told by more than colour", async ({ page, api }) => {
  const { acme } = await everyPage(api, ada);
  await page.emulateMedia({ forcedColors: "active" });
  await signIn(page, ada);
  await page.goto(`/o/${acme.id}/settings/members`);
  await settled(page);
  // Two of a kind, one of them chosen: they must not look the same.
  const looks = (locator: ReturnType<Page["getByRole"]>) =>
    locator.evaluate((element) => {
      const look = (one: Element, part?: string) => {
        const { color, backgroundColor, borderTopColor, borderBottomColor, borderBottomWidth, outlineStyle, content, opacity } = getComputedStyle(one, part);
        return [color, backgroundColor, borderTopColor, borderBottomColor, borderBottomWidth, outlineStyle, content, opacity].join(" ");
      };
      return [look(element), look(element, "::before"), look(element, "::after"), ...Array.from(element.querySelectorAll("*"), (one) => look(one))].join("\n");
    });
  expect(await looks(page.getByRole("tab", { name: "Members" }))).not.toBe(await looks(page.getByRole("tab", { name: "Roles" })));
  const navigation = page.getByRole("navigation", { name: "Main" });
  expect(await looks(navigation.getByRole("link", { name: "Members and roles" }))).not.toBe(await looks(navigation.getByRole("link", { name: "Usage and billing" })));
  // A button that cannot be pressed.
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const box = dialog(page, "Invite members").getByRole("group", { name: "Workspaces" }).getByRole("checkbox").first();
  const off = await looks(box);
  await box.check();
  await box.blur();
  expect(await looks(box)).not.toBe(off);
});
