// Brings a server into a state through its real API, so that a spec can start from there.

/** Somebody who uses Atrium. */
export type Person = { name: string; email: string; password: string };

/** A person of that first name at example.com. */
export function person(name: string, at = "example.com"): Person {
  return { name, email: `${name.toLowerCase().replaceAll(" ", ".")}@${at}`, password: `${name}'s long pass phrase` };
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    what: string,
  ) {
    super(`${what}: ${status} ${JSON.stringify(body)}`);
  }
}

type Call = { organization?: string; workspace?: string; body?: unknown; headers?: Record<string, string> };

async function call(url: string, method: string, path: string, token: string | null, { organization, workspace, body, headers }: Call) {
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(organization ? { "x-organization-id": organization } : {}),
      ...(workspace ? { "x-tenant-id": workspace } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  let value: any = text;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    // Not JSON: the text says more than a failure to parse it.
  }
  if (!answer.ok) throw new ApiError(answer.status, value, `${method} ${path}`);
  return value;
}

/** The API of one server, for nobody yet. */
export class Api {
  constructor(readonly url: string) {}

  async signUp(who: Person) {
    const body = { email: who.email, password: who.password, full_name: who.name };
    const { access_token } = await call(this.url, "POST", "/api/v1/signup", null, { body });
    return new Account(this.url, who, access_token);
  }

  async signIn(who: Person) {
    const basic = Buffer.from(`${who.email}:${who.password}`).toString("base64");
    const { access_token } = await call(this.url, "POST", "/api/v1/login", null, { headers: { authorization: `Basic ${basic}` } });
    return new Account(this.url, who, access_token);
  }
}

/** Somebody signed in. */
export class Account {
  constructor(
    readonly url: string,
    readonly person: Person,
    readonly token: string,
  ) {}

  call(method: string, path: string, options: Call = {}): Promise<any> {
    return call(this.url, method, path, this.token, options);
  }

  async organizations(): Promise<Organization[]> {
    const rows = await this.call("GET", "/api/v1/orgs?skip_create=true");
    return rows.map((row: any) => new Organization(this, row.id, row.display_name, row.is_personal));
  }

  async personalOrganization(): Promise<Organization> {
    const found = (await this.organizations()).find((organization) => organization.personal);
    if (!found) throw new Error(`${this.person.email} has no personal organization`);
    return found;
  }

  /** A shared organization that waits for billing. */
  async createPendingOrganization(name: string): Promise<Organization> {
    const row = await this.call("POST", "/api/v1/orgs", { body: { display_name: name, is_personal: false } });
    return new Organization(this, row.id, row.display_name, row.is_personal);
  }

  /** A shared organization on the Plus plan, ready for use. */
  async createOrganization(name: string): Promise<Organization> {
    const organization = await this.createPendingOrganization(name);
    await organization.setUpBilling();
    return organization;
  }

  async accept(organization: Organization | string): Promise<Organization> {
    const id = typeof organization === "string" ? organization : organization.id;
    await this.call("POST", `/api/v1/orgs/pending/${id}/claim`);
    return (await this.organizations()).find((mine) => mine.id === id)!;
  }
}

export type Workspace = { id: string; display_name: string };
export type Role = { id: string; name: string; display_name: string; description: string; access_scope: "organization" | "workspace"; permissions: string[] };
export type Invitation = { role?: string; workspaces?: string[]; workspaceRole?: string };

/** An organization as one of its members sees it. */
export class Organization {
  constructor(
    readonly account: Account,
    readonly id: string,
    readonly name: string,
    readonly personal: boolean,
  ) {}

  call(method: string, path: string, options: Call = {}): Promise<any> {
    return this.account.call(method, path, { organization: this.id, ...options });
  }

  /** The same calls that the page makes: setup intent, card, plan. */
  async setUpBilling(tier = "plus") {
    const { client_secret } = await this.call("POST", "/api/v1/orgs/current/setup");
    await this.call("POST", "/api/v1/orgs/current/payment-method", {
      body: {
        billing_info: { name: this.account.person.name, address: { line1: "1 Main Street", city: "Springfield", postal_code: "12345", country: "US" } },
        setup_intent: client_secret.split("_secret_")[0],
      },
    });
    await this.call("POST", "/api/v1/orgs/current/plan", { body: { tier } });
  }

  workspaces(): Promise<Workspace[]> {
    return this.call("GET", "/api/v1/workspaces");
  }

  addWorkspace(name: string): Promise<Workspace> {
    return this.call("POST", "/api/v1/workspaces", { body: { display_name: name } });
  }

  roles(): Promise<Role[]> {
    return this.call("GET", "/api/v1/orgs/current/roles");
  }

  async role(displayName: string): Promise<Role> {
    const roles = await this.roles();
    const found = roles.find((role) => role.display_name === displayName || role.name === displayName);
    if (!found) throw new Error(`no role ${displayName}, only ${roles.map((role) => role.display_name).join(", ")}`);
    return found;
  }

  members(): Promise<{ members: any[]; pending: any[] }> {
    return this.call("GET", "/api/v1/orgs/current/members");
  }

  /** Roles and workspaces by name; without `workspaces` the invitation is to all of them. */
  async invite(emails: string | string[], { role, workspaces, workspaceRole }: Invitation = {}): Promise<any[]> {
    const all = await this.workspaces();
    const wanted = workspaces ? all.filter(({ display_name }) => workspaces.includes(display_name)) : all;
    const roleId = role ? (await this.role(role)).id : undefined;
    const workspaceRoleId = workspaceRole ? (await this.role(workspaceRole)).id : undefined;
    return this.call("POST", "/api/v1/orgs/current/members/batch", {
      body: [emails].flat().map((email) => ({
        email,
        role_id: roleId,
        workspace_ids: wanted.map(({ id }) => id),
        workspace_role_id: workspaceRoleId,
      })),
    });
  }

  /** Invites somebody who has an account, who accepts. */
  async join(other: Account, invitation: Invitation = {}): Promise<Organization> {
    await this.invite(other.person.email, invitation);
    return other.accept(this);
  }
}
