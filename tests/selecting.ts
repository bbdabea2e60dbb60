// What the specs of selecting and bulk changes share.
import { type Page, person } from "./fixtures";

export const ada = person("Ada Lovelace");
export const bob = person("Bob Ross");
export const carol = person("Carol Shaw");

export const box = (page: Page, email: string) => page.getByRole("checkbox", { name: `Select ${email}`, exact: true });
export const selectAll = (page: Page) => page.getByRole("checkbox", { name: "Select all" });
export const toolbar = (page: Page) => page.getByRole("toolbar", { name: "Selected members" });
