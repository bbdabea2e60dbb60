//! Settings > Workspaces: the list, and the page of one workspace.

mod keys;
mod members;

use atrium_domain::Action;
use atrium_domain::access::{LAST_WORKSPACE, may_inside};
use atrium_domain::billing::{Facts, State};
use atrium_domain::colors::{COLORS, color_of};
use atrium_domain::roles::{permission, role_label};
use atrium_domain::wire::{Member, Workspace};
use atrium_ui::{
    Avatar, Button, ButtonKind, CopyButton, El, EmptyState, Icon, Messages, Select, SelectOption, Tab,
    TableFrame, Tabs, all, cell, derive, dynamic, el, heading_row, keyed, lower, memo, spawn, table_parts,
    text, when,
};
use atrium_words::{look, t, tn};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api::{self, Paged, Query, Scope, query};
use crate::components::{
    BillingBanner, Link, Listing, Loaded, PageTitle, address_state, day, last_page, number, pager,
    take_errand,
};
use crate::forms::{AddWorkspace, DeleteWorkspace, RenameWorkspace};
use crate::paths::{self, Settings};
use crate::session::{Place, Session, changed};

/// How many workspaces a page of the list has.
const PAGE: usize = 25;

/// Why the signed-in person may not do in a workspace what takes this permission; `None` where they may.
fn why_not_inside(workspace: &Workspace, name: &str) -> Option<String> {
    may_inside(workspace.permissions.as_deref(), name).err().map(|denied| look(denied.0).to_owned())
}

/// Why a workspace may not be renamed or given a colour.
fn why_not_change(workspace: &Workspace) -> Option<String> {
    why_not_inside(workspace, permission::WORKSPACES_MANAGE)
}

/// Why a workspace may not be deleted. Whoever is no Organization Admin may not see all workspaces, so that
/// the server alone knows whether it is the last. Reads a signal.
fn why_not_delete(place: Place, workspace: &Workspace) -> Option<String> {
    let last = || {
        let admin = place.caller.with(|caller| {
            caller.as_ref().is_some_and(|caller| caller.role == atrium_domain::OrganizationRole::Admin)
        });
        let alone = place.workspaces.data.with(|all| all.as_ref().is_some_and(|all| all.len() == 1));
        (admin && alone).then(|| look(LAST_WORKSPACE.0).to_owned())
    };
    why_not_change(workspace).or_else(last)
}

/// How many members a workspace has: a page of one says it, where the server tells.
fn count_members(place: Place, session: Session, id: String) -> Query<Paged<Member>> {
    query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            Some(api::workspace_people(Scope::Workspace(place.organization.get(), id.clone()), "", 0, 1))
        },
    )
}

/// `/o/{organization}/settings/workspaces`
#[component]
pub fn WorkspacesPage() -> impl IntoView {
    let place = Place::current();
    let adding = RwSignal::new(false);
    let (renaming, deleting) = (RwSignal::new(None::<Workspace>), RwSignal::new(None::<Workspace>));
    let reason = derive(move || place.why_not(&Action::CreateWorkspace));
    take_errand(paths::ADD_WORKSPACE, reason, Callback::new(move |()| adding.set(true)));
    let workspaces = place.workspaces.or_default();
    let listing = Listing::read();
    let title = view! {
        <PageTitle title=t!("Workspaces")>
            <Button
                label=t!("Add workspace")
                kind=ButtonKind::Primary
                icon=Icon::Plus
                disabled_reason=reason
                on_press=Callback::new(move |()| adding.set(true))
            />
        </PageTitle>
    };
    let found = memo(move || {
        let wanted = lower(&listing.text());
        workspaces.with(|all| {
            let fits = |one: &&Workspace| wanted.is_empty() || lower(&one.display_name).contains(&wanted);
            all.iter().filter(fits).map(key).collect::<Vec<_>>()
        })
    });
    let count = memo(move || found.with(Vec::len));
    let known = memo(move || place.workspaces.data.with(Option::is_some));
    listing.stay_within(move || known.get().then(|| last_page(count.get(), PAGE)));
    let keys = derive(move || {
        let from = listing.page.value.get() * PAGE;
        found.with(|found| found.iter().skip(from).take(PAGE).cloned().collect::<Vec<_>>())
    });
    let row = move |wanted: String| {
        let one = place
            .workspaces
            .data
            .with_untracked(|all| all.iter().flatten().find(|one| key(one) == wanted).cloned());
        one.map_or_else(|| ().into_any(), |one| row(one, place, renaming, deleting))
    };
    let summary = move || {
        let of_all = workspaces.with(Vec::len);
        if listing.is_all() {
            tn!(of_all, "{count} workspace", "{count} workspaces")
        } else {
            let shown = number(count.get() as u64);
            tn!(of_all, "{shown} of {count} workspace", "{shown} of {count} workspaces", shown)
        }
    };
    let headings = [
        (t!("Name"), ""),
        (t!("Members"), "num"),
        (t!("Your role"), ""),
        (t!("Created"), ""),
        (t!("Actions"), "actions"),
    ];
    let table = move || {
        view! {
            <TableFrame label=t!("Workspaces") row_count=derive(move || count.get() + 1)>
                {table_parts(heading_row(&headings), keyed(keys, row))}
            </TableFrame>
        }
        .into_any()
    };
    // An Organization Admin sees all workspaces; for others those that they see are too few to count.
    let state = memo(move || {
        let count =
            place.workspaces.data.with(|all| all.as_ref().and_then(|all| u32::try_from(all.len()).ok()));
        place.info.data.with(|info| info.as_ref().map(|info| State::of(&Facts::of_info(info, None, count))))
    });
    let banner = view! { <BillingBanner state /> };
    let none = move || {
        let clear = Callback::new(move |()| listing.clear());
        view! {
            <EmptyState
                title=t!("No workspace matches")
                text=t!("None that you can enter has this in its name. An Organization Admin sees all of them.")
                icon=Icon::Search
            >
                <Button label=t!("Show all workspaces") on_press=clear />
            </EmptyState>
        }
        .into_any()
    };
    let nowhere = move || {
        view! {
            <EmptyState
                title=t!("You are in no workspace yet")
                text=t!("Ask an Organization Admin, or an Admin of a workspace, to add you to one.")
                icon=Icon::Layers
            />
        }
        .into_any()
    };
    let length = derive(move || keys.with(Vec::len));
    let more = derive(move || (listing.page.value.get() + 1) * PAGE < count.get());
    let total = derive(move || Some(count.get() as u64));
    let toolbar = move || {
        el("div")
            .class("toolbar")
            .with(listing.field(t!("Search workspaces")))
            .with(el("span").class("toolbar-gap").attr("role", "status").with(text(summary)))
            .view()
    };
    let body = move || {
        all([
            toolbar(),
            when(move || count.get() > 0, table),
            when(move || count.get() == 0 && !listing.is_all(), none),
            when(move || count.get() == 0 && listing.is_all(), nowhere),
            pager(listing.page, PAGE, length, total, more),
        ])
    };
    all([
        title.into_any(),
        banner.into_any(),
        lead(place, reason).view(),
        view! { <Loaded query=place.workspaces what=t!("the workspaces")>{body()}</Loaded> }.into_any(),
        view! { <AddWorkspace open=adding /> }.into_any(),
        view! { <RenameWorkspace renaming /> }.into_any(),
        view! { <DeleteWorkspace deleting /> }.into_any(),
    ])
}

/// What workspaces are for, how many the plan has, and the way up where that is what stands in the way.
fn lead(place: Place, reason: Signal<Option<String>>) -> El {
    let limit =
        move || place.info.data.with(|info| info.as_ref().map_or(0, |info| info.config.max_workspaces));
    let upgrade = when(
        move || place.reached_max_workspaces() && reason.with(Option::is_some),
        move || {
            let to = derive(move || paths::settings(&place.organization.get(), Settings::Billing));
            all([
                el("span").with(" ").with(t!("All of them are there.")).with(" ").view(),
                view! { <Link to class="link">{t!("See the plans")}</Link> }.into_any(),
            ])
        },
    );
    el("p")
        .class("lead")
        .with(t!(
            "Workspaces keep projects, datasets, annotation queues and prompts of different groups apart."
        ))
        .with(" ")
        .with(text(move || tn!(limit(), "This plan has up to {count}.", "This plan has up to {count}.")))
        .with(upgrade)
}

/// A row is rebuilt when anything that it shows has changed.
fn key(one: &Workspace) -> String {
    let role = one.role_name.as_deref().unwrap_or_default();
    let may = why_not_change(one).is_none();
    format!("{}\n{}\n{role}\n{}\n{may}", one.id, one.display_name, one.seed())
}

fn row(
    one: Workspace,
    place: Place,
    renaming: RwSignal<Option<Workspace>>,
    deleting: RwSignal<Option<Workspace>>,
) -> AnyView {
    let session = Session::current();
    let href = paths::workspace_settings(&place.organization_id(), &one.id);
    let words = one.display_name.clone();
    let name = el("span")
        .class("with-avatar")
        .with(view! { <Avatar name=words.clone() seed=one.seed() square=true /> })
        .with(view! { <Link to=href class="row-link">{words}</Link> });
    let members = count_members(place, session, one.id.clone());
    let members = text(move || {
        let total = members.data.with(|page| page.as_ref().and_then(|page| page.total));
        total.map_or_else(|| "–".to_owned(), number)
    });
    let about = StoredValue::new(one.clone());
    let change = derive(move || why_not_change(&about.get_value()));
    let remove = derive(move || why_not_delete(place, &about.get_value()));
    let rename = Callback::new(move |()| renaming.set(Some(about.get_value())));
    let delete = Callback::new(move |()| deleting.set(Some(about.get_value())));
    let act = |label: String, icon: Icon, reason: Signal<Option<String>>, press: Callback<()>| {
        let label = derive(move || label.clone());
        view! {
            <Button label icon icon_only=true kind=ButtonKind::Quiet disabled_reason=reason on_press=press />
        }
        .into_any()
    };
    let actions = cell(t!("Actions"))
        .class("actions nowrap")
        .with(act(t!("Rename {name}", name = one.display_name), Icon::Pencil, change, rename))
        .with(act(t!("Delete {name}", name = one.display_name), Icon::Trash, remove, delete));
    el("tr")
        .attr("role", "row")
        .with(cell(t!("Name")).with(name))
        .with(cell(t!("Members")).class("num").with(members))
        .with(cell(t!("Your role")).with(one.role_name.as_deref().map(|name| role_label(name).into_owned())))
        .with(cell(t!("Created")).with(day(&one.created_at)))
        .with(actions)
        .view()
}

/// The workspace whose settings show, for the parts of its page.
#[derive(Clone, Copy)]
struct Shown {
    place: Place,
    session: Session,
    /// The workspace, as it was last known.
    workspace: Memo<Workspace>,
}

impl Shown {
    /// Where the calls are about. Reads signals.
    fn scope(self) -> Scope {
        Scope::Workspace(self.place.organization.get(), self.workspace.with(|one| one.id.clone()))
    }

    /// Its id. Reads a signal.
    fn id(self) -> String {
        self.workspace.with(|one| one.id.clone())
    }

    /// Its name. Reads a signal.
    fn name(self) -> String {
        self.workspace.with(|one| one.display_name.clone())
    }

    /// Why the person may not do here what takes this permission. Reads a signal.
    fn why_not(self, name: &str) -> Option<String> {
        self.workspace.with(|one| why_not_inside(one, name))
    }

    /// Whether workspace roles differ between members. Reads a signal.
    fn rbac(self) -> bool {
        self.place.caller.with(|caller| caller.as_ref().is_some_and(|caller| caller.can_use_rbac))
    }
}

/// `/o/{organization}/settings/workspaces/{workspace}`
#[component]
pub fn WorkspaceSettingsPage() -> impl IntoView {
    let place = Place::current();
    let id = memo(move || {
        place.path.with(|path| paths::workspace_in_settings(path).unwrap_or_default().to_owned())
    });
    let found = memo(move || {
        place
            .workspaces
            .data
            .with(|all| all.as_ref().map(|all| all.iter().find(|one| one.id == id.get()).cloned()))
    });
    let name = derive(move || {
        found.get().flatten().map_or_else(|| t!("Workspace").to_owned(), |one| one.display_name)
    });
    let (renaming, deleting) = (RwSignal::new(None::<Workspace>), RwSignal::new(None::<Workspace>));
    let there = memo(move || found.with(|found| found.as_ref().is_some_and(Option::is_some)));
    let actions = when(
        move || there.get(),
        move || {
            let change = derive(move || why_not_change(&found.get().flatten()?));
            let remove = derive(move || why_not_delete(place, &found.get().flatten()?));
            let rename = Callback::new(move |()| renaming.set(found.get_untracked().flatten()));
            let delete = Callback::new(move |()| deleting.set(found.get_untracked().flatten()));
            all([
                view! { <Button label=t!("Rename workspace") icon=Icon::Pencil disabled_reason=change on_press=rename /> }
                    .into_any(),
                view! {
                    <Button
                        label=t!("Delete workspace")
                        icon=Icon::Trash
                        disabled_reason=remove
                        on_press=delete
                    />
                }
                .into_any(),
            ])
        },
    );
    // One page for one workspace: whatever was begun in another does not go on here.
    let which = memo(move || (id.get(), there.get()));
    let content = move || match which.get() {
        (_, true) => inside(place, found),
        _ => view! {
            <EmptyState
                title=t!("This workspace is not open to you")
                text=t!("It was deleted, or you were not added to it. Ask an Organization Admin.")
                icon=Icon::Lock
            />
        }
        .into_any(),
    };
    let title = view! {
        <PageTitle title=name>
            {all([view! { <CopyButton label=t!("Workspace ID") value=id /> }.into_any(), actions])}
        </PageTitle>
    };
    let page = view! { <Loaded query=place.workspaces what=t!("the workspace")>{dynamic(content)}</Loaded> };
    all([
        title.into_any(),
        page.into_any(),
        view! { <RenameWorkspace renaming /> }.into_any(),
        view! { <DeleteWorkspace deleting /> }.into_any(),
    ])
}

/// What shows of a workspace that is there.
fn inside(place: Place, found: Memo<Option<Option<Workspace>>>) -> AnyView {
    let session = Session::current();
    let Some(first) = found.get_untracked().flatten() else { return ().into_any() };
    // While it goes, the last that was known of it stays.
    let last = StoredValue::new(first);
    let workspace = memo(move || {
        if let Some(now) = found.get().flatten() {
            let _ = last.try_set_value(now);
        }
        last.get_value()
    });
    let shown = Shown { place, session, workspace };
    let to_home =
        derive(move || paths::workspace(&place.organization.get(), &workspace.with(|one| one.id.clone())));
    let picture = dynamic(move || {
        let one = workspace.get();
        view! { <Avatar name=one.display_name.clone() seed=one.seed() square=true /> }.into_any()
    });
    let facts = el("dl")
        .class("facts")
        .with(fact(t!("Created"), el("span").with(text(move || workspace.with(|one| day(&one.created_at))))))
        .with(fact(
            t!("Your role"),
            el("span").with(text(move || {
                workspace.with(|one| {
                    one.role_name.as_deref().map(|name| role_label(name).into_owned()).unwrap_or_default()
                })
            })),
        ))
        .with(fact(t!("Colour"), el("span").class("with-avatar").with(picture).with(colour(shown))))
        .with(fact(
            t!("Home"),
            el("span").with(view! { <Link to=to_home class="link">{t!("Open this workspace")}</Link> }),
        ));
    let tab = address_state("tab");
    let on_keys = memo(move || tab.value.with(|tab| tab == "keys"));
    let members = count_members(place, session, workspace.with_untracked(|one| one.id.clone()));
    let count = memo(move || members.data.with(|page| page.as_ref().and_then(|page| page.total)));
    let tabs = derive(move || {
        vec![
            Tab { id: "members".to_owned(), label: t!("Members").to_owned(), count: count.get() },
            Tab { id: "keys".to_owned(), label: t!("API keys").to_owned(), count: None },
        ]
    });
    let selected = derive(move || if on_keys.get() { "keys" } else { "members" }.to_owned());
    let navigate = use_navigate();
    let on_select = Callback::new(move |id: String| {
        // What was searched for in the one list is nothing to the other.
        let page = untrack(|| {
            paths::workspace_settings(&place.organization.get(), &workspace.with(|one| one.id.clone()))
        });
        let query = if id == "keys" { "?tab=keys" } else { "" };
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&format!("{page}{query}"), options);
    });
    let panel = dynamic(move || if on_keys.get() { keys::keys(shown) } else { members::members(shown) });
    let tabs = view! {
        <Tabs label=t!("Settings of this workspace") tabs selected on_select>
            {panel}
        </Tabs>
    };
    all([facts.view(), tabs.into_any()])
}

fn fact(name: &str, value: El) -> El {
    el("div").with(el("dt").with(name)).with(el("dd").with(value))
}

/// The choice of the colour. It is made at once, and can be taken back.
fn colour(shown: Shown) -> AnyView {
    let Shown { place, session, workspace } = shown;
    let messages = Messages::expect();
    let busy = RwSignal::new(false);
    let options = derive(|| {
        let named = COLORS.iter().map(|color| SelectOption::new(color.word, look(color.label)));
        std::iter::once(SelectOption::new("", t!("Automatic"))).chain(named).collect()
    });
    // A colour that only a newer version knows shows as what it looks like here: none that was chosen.
    let value = derive(move || {
        workspace
            .with(|one| one.color.as_deref().and_then(color_of))
            .map_or("", |color| color.word)
            .to_owned()
    });
    let reason = derive(move || {
        if !session.info.with(|info| info.instance_flags.workspace_colors) {
            return Some(
                t!("This server keeps no colours, so each follows from the workspace’s ID.").to_owned(),
            );
        }
        if busy.get() {
            return Some(t!("The colour is being changed.").to_owned());
        }
        workspace.with(why_not_change)
    });
    let on_change = Callback::new(move |new: String| {
        let before = value.get_untracked();
        let (id, name) = workspace.with_untracked(|one| (one.id.clone(), one.display_name.clone()));
        let organization = place.organization_id();
        busy.set(true);
        spawn(async move {
            let said = match color_of(&new) {
                Some(color) => {
                    t!("The colour of {name} is {color} now.", name, color = lower(look(color.label)))
                }
                None => t!("The colour of {name} is the automatic colour now.", name),
            };
            let result = api::update_workspace(organization.clone(), &id, name.clone(), Some(new)).await;
            let _ = busy.try_set(false);
            match result {
                Ok(_) => {
                    let undo =
                        take_back_colour(place, session, messages, organization, (id, name.clone()), before);
                    messages.undoable(said, undo);
                }
                Err(failed) => {
                    let said = t!("The colour of {name} was not changed.", name);
                    messages.failure(format!("{said} {}", failed.sentence), None);
                }
            }
            changed(session.changes.workspaces);
        });
    });
    view! {
        <Select label=t!("Colour") hide_label=true compact=true value options on_change disabled_reason=reason />
    }
    .into_any()
}

/// The name that a workspace has by now, as far as this page knows it; else the one it had.
fn name_now(place: Place, organization: &str, (id, name): &(String, String)) -> String {
    if !place.is_in(organization) {
        return name.clone();
    }
    let now = place.workspaces.data.try_with_untracked(|all| {
        all.iter().flatten().find(|one| one.id == *id).map(|one| one.display_name.clone())
    });
    now.flatten().unwrap_or_else(|| name.clone())
}

fn take_back_colour(
    place: Place,
    session: Session,
    messages: Messages,
    organization: String,
    workspace: (String, String),
    before: String,
) -> Callback<()> {
    Callback::new(move |()| {
        let (organization, workspace, before) = (organization.clone(), workspace.clone(), before.clone());
        spawn(async move {
            let name = name_now(place, &organization, &workspace);
            let given = api::update_workspace(organization, &workspace.0, name.clone(), Some(before)).await;
            match given {
                Ok(_) => messages.success(t!("{name} has its colour back.", name)),
                Err(failed) => {
                    let said = t!("The colour of {name} was not changed back.", name);
                    messages.failure(format!("{said} {}", failed.sentence), None);
                }
            }
            changed(session.changes.workspaces);
        });
    })
}
