// What a screen reader finds on the members page: the table, its selection and the toolbar.
import { enterprise, expect, membersTable, openMembers, person, test } from "./fixtures";

const ada = person("Ada Lovelace");
const bob = person("Bob Ross");

test("the table, its selection and the toolbar of what is selected have their names and states", async ({ page, api, server }) => {
  const acme = await enterprise(api, server, ada);
  await acme.join(await api.signUp(bob), { role: "Organization User", workspaces: ["Workspace 1"], workspaceRole: "Viewer" });
  await acme.invite("carol@example.com", { role: "Organization Viewer" });
  await openMembers(page, acme, ada, "?sort=email");
  await page.getByRole("checkbox", { name: "Select bob.ross@example.com" }).check();
  // No member more, no name other than these: dates alone change.
  await expect(membersTable(page)).toMatchAriaSnapshot(`
    - table "Members":
      - /children: deep-equal
      - rowgroup:
        - row "Select all Email Status Role Workspaces Joined Actions":
          - columnheader "Select all":
            - checkbox "Select all" [checked=mixed]
            - text: Select all
          - columnheader "Email":
            - button "Email"
          - columnheader "Status":
            - button "Status"
          - columnheader "Role":
            - button "Role"
          - columnheader "Workspaces":
            - button "Workspaces"
          - columnheader "Joined":
            - button "Joined"
          - columnheader "Actions"
      - rowgroup:
        - row /^Select ada\\.lovelace@example\\.com ada\\.lovelace@example\\.com You Ada Lovelace Active .*Remove ada\\.lovelace@example\\.com$/:
          - cell "Select ada.lovelace@example.com":
            - checkbox "Select ada.lovelace@example.com"
            - text: Select ada.lovelace@example.com
          - cell "ada.lovelace@example.com You Ada Lovelace"
          - cell "Active"
          - cell "Role of ada.lovelace@example.com Organization Admin":
            - text: Role of ada.lovelace@example.com
            - combobox "Role of ada.lovelace@example.com" [disabled]:
              - option "Organization Admin" [disabled] [selected]
              - option "Organization Operator" [disabled]
              - option "Organization User" [disabled]
              - option "Organization Viewer" [disabled]
          - cell "All workspaces"
          - cell /20\\d\\d/
          - cell "Why ada.lovelace@example.com has access Remove ada.lovelace@example.com":
            - button "Why ada.lovelace@example.com has access"
            - button "Remove ada.lovelace@example.com" [disabled]
        - row /^Select bob\\.ross@example\\.com bob\\.ross@example\\.com Bob Ross Active .*Remove bob\\.ross@example\\.com$/:
          - cell "Select bob.ross@example.com":
            - checkbox "Select bob.ross@example.com" [checked]
            - text: Select bob.ross@example.com
          - cell "bob.ross@example.com Bob Ross"
          - cell "Active"
          - cell "Role of bob.ross@example.com Organization User":
            - text: Role of bob.ross@example.com
            - combobox "Role of bob.ross@example.com":
              - option "Organization Admin"
              - option "Organization Operator"
              - option "Organization User" [selected]
              - option "Organization Viewer"
          - cell "Workspace 1 Viewer"
          - cell /20\\d\\d/
          - cell "Why bob.ross@example.com has access Remove bob.ross@example.com":
            - button "Why bob.ross@example.com has access"
            - button "Remove bob.ross@example.com"
        - row /^Select carol@example\\.com carol@example\\.com Invited Organization Viewer Workspace 1 Editor Sent /:
          - cell "Select carol@example.com":
            - checkbox "Select carol@example.com"
            - text: Select carol@example.com
          - cell "carol@example.com"
          - cell "Invited"
          - cell "Organization Viewer"
          - cell "Workspace 1 Editor"
          - cell /^Sent /
          - cell "Resend invitation to carol@example.com Revoke invitation to carol@example.com":
            - button "Resend invitation to carol@example.com"
            - button "Revoke invitation to carol@example.com"
  `);
  await expect(page.getByRole("toolbar")).toMatchAriaSnapshot(`
    - toolbar "Selected members":
      - text: 1 selected
      - button "Change role"
      - button "Add to workspaces"
      - button "Remove from workspaces"
      - button "Resend"
      - button "Revoke"
      - button "Remove"
      - button "Clear selection"
  `);
});
