//! Settings > Members and roles > Members.

use atrium_domain::roles::role_label;
use atrium_domain::wire::InstanceFlags;
use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Banner, Button, ButtonKind, El, EmptyState, FieldKind, Icon, Rows, Select, SelectOption, Skeleton,
    TextField, Tone, WindowedTable, derive, dynamic, effect, el, focus, memo, optional, text, when,
};
use atrium_words::{t, tn};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};

use crate::api::{self, Failure, Kind, PeopleQuery, SortBy, query};
use crate::change_set::{ChangesBar, CollectButton, Tray};
use crate::components::{AddressState, PeopleCount, Shown, address_state, number};
use crate::forms::{
    BringBack, BulkAction, BulkChange, ChangeRole, Changing, ExportMembers, InviteMembers, RemoveMember,
};
use crate::session::{Place, Session};
use crate::table::{
    Columns, ColumnsMenu, MemberLine, Pages, RowContext, SelectedMembers, Selection, WhyAccess, WorkspacesOf,
    headings, member_row,
};

/// What the address asks for.
#[derive(Clone, Copy)]
struct Wanted {
    /// What is typed into the search; the address follows.
    typed: RwSignal<String>,
    search: AddressState,
    role: AddressState,
    status: AddressState,
    workspace: AddressState,
    /// A column's word, with a minus before it for the falling order.
    sort: AddressState,
}

impl Wanted {
    fn read() -> Self {
        let search = address_state("q");
        let typed = RwSignal::new(search.value.get_untracked());
        // Back and a link set the field; typing sets the address.
        effect(move || {
            let value = search.value.get();
            if typed.with_untracked(|typed| typed.trim() != value) {
                typed.set(value);
            }
        });
        Self {
            typed,
            search,
            role: address_state("role"),
            status: address_state("status"),
            workspace: address_state("workspace"),
            sort: address_state("sort"),
        }
    }

    /// Whether everybody is wanted. Reads signals.
    fn everybody(self) -> bool {
        let filters = [self.role, self.status, self.workspace];
        self.typed.with(|typed| typed.trim().is_empty())
            && filters.into_iter().all(|one| one.value.with(String::is_empty))
    }

    fn clear(self) {
        self.typed.set(String::new());
        for one in [self.search, self.role, self.status, self.workspace] {
            one.set.run(String::new());
        }
    }

    /// What the server is asked. Reads signals.
    fn question(self, place: Place, flags: &InstanceFlags, removed: bool) -> PeopleQuery {
        let extended = flags.members_query;
        let role = self.role.value.get();
        let workspace = self.workspace.value.get();
        let mut asked = PeopleQuery {
            text: self.typed.with(|typed| typed.trim().to_owned()),
            kind: Some(Kind::from_word(&self.status.value.get()))
                .filter(|kind| removed || *kind != Kind::Removed)
                .unwrap_or_default(),
            role: OrganizationRole::KNOWN.iter().find(|known| known.as_str() == role).cloned(),
            workspace: (!workspace.is_empty()).then(|| {
                let name = place.workspaces.data.with(|all| {
                    let found = all.iter().flatten().find(|one| one.id == workspace);
                    found.map(|one| one.display_name.clone())
                });
                (workspace.clone(), name.unwrap_or(workspace))
            }),
            sort: None,
            extended,
            counts_workspaces: flags.workspace_count_sort,
        };
        asked.sort = self.sort.value.with(|sort| {
            let (word, descending) =
                sort.strip_prefix('-').map_or((sort.as_str(), false), |word| (word, true));
            SortBy::from_word(word).map(|by| (by, descending))
        });
        asked.sort = asked.sort.filter(|(by, _)| asked.can_sort(*by));
        if extended && asked.sort.is_none() && asked.kind != Kind::Removed {
            // Invitations first, as they wait for something; then by address.
            asked.sort = Some((SortBy::Status, true));
        }
        asked
    }

    fn sort_by(self, by: SortBy, now: Option<(SortBy, bool)>) {
        let descending = now == Some((by, false));
        self.sort.set.run(format!("{}{}", if descending { "-" } else { "" }, by.word()));
    }
}

/// `/o/{organization}/settings/members`
#[component]
pub fn MembersPage(
    /// How many people there are.
    people: PeopleCount,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let wanted = Wanted::read();
    let extended = memo(move || session.info.with(|info| info.instance_flags.members_query));
    let removed = memo(move || shows_removed(session, place));
    let asked = memo(move || {
        Some(session.info.with(|info| wanted.question(place, &info.instance_flags, removed.get())))
    });
    let pages = Pages::ask(place.organization, asked, session.changes.members);
    let admins = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            Some(api::count_admins(place.organization.get(), extended.get()))
        },
    );
    effect(move || {
        if pages.moved.get() > 0 {
            people.reload();
            admins.reload();
        }
    });
    let shown = memo(move || {
        if pages.count.with(Option::is_some) {
            Shown::Ready
        } else if pages.error.with(|error| error.as_ref().is_some_and(|one| one.failure == Failure::Refused))
        {
            Shown::Missing
        } else if pages.error.with(Option::is_some) {
            Shown::Failed
        } else {
            Shown::Waiting
        }
    });
    let content = dynamic(move || match shown.get() {
        Shown::Waiting => view! { <Skeleton rows=8 label=t!("Loading the members") /> }.into_any(),
        Shown::Missing => not_for_you(pages),
        Shown::Failed => ().into_any(),
        Shown::Ready => members(wanted, pages, asked, admins.data, people),
    });
    let failed = move || pages.error.with(Option::is_some) && shown.get() != Shown::Missing;
    let banner = when(failed, move || {
        let text = derive(move || pages.error.get().map(|error| error.sentence).unwrap_or_default());
        let title = derive(move || match shown.get() {
            Shown::Ready => t!("Could not load all members").to_owned(),
            _ => t!("Could not load the members").to_owned(),
        });
        let retry = Callback::new(move |()| pages.retry());
        view! {
            <Banner tone=Tone::Bad title text>
                <Button label=t!("Try again") icon=Icon::Refresh on_press=retry />
            </Banner>
        }
        .into_any()
    });
    // After the table and at the window's edge: it shows wherever somebody has scrolled to.
    let alert = el("div").class("table-alert").attr("role", "alert").with(banner);
    atrium_ui::all([content, alert.view()])
}

/// Whether the signed-in person can look at those who were removed: the backend keeps them, and the
/// person manages members. Reads signals.
fn shows_removed(session: Session, place: Place) -> bool {
    session.info.with(|info| info.instance_flags.removed_members)
        && place.why_not(&Action::ManageMembers).is_none()
}

/// What a backend cannot do that offers less than Atrium's own. Reads signals.
fn what_is_missing(session: Session, place: Place) -> Option<AnyView> {
    let flags = session.info.with(|info| info.instance_flags.clone());
    let manages = place.why_not(&Action::ManageMembers).is_none();
    let words = match (!flags.members_query, manages && !flags.removed_members) {
        (true, true) => t!(
            "This server searches addresses alone, and sorts only members or only invitations (filter by status); it does not keep members who were removed."
        ),
        (true, false) => t!(
            "This server searches addresses alone, and sorts only members or only invitations (filter by status)."
        ),
        (false, true) => t!("This server does not keep members who were removed."),
        (false, false) => return None,
    };
    Some(el("p").class("note").with(words).view())
}

/// In place of a list that this person, or this key, may not read.
fn not_for_you(pages: Pages) -> AnyView {
    let sentence = pages.error.with_untracked(|error| error.as_ref().map(|error| error.sentence.clone()));
    let text = format!(
        "{} {}",
        sentence.unwrap_or_default(),
        t!("An Organization Admin can change your role, or make a key that may.")
    );
    view! { <EmptyState title=t!("You may not see the members") text icon=Icon::Lock /> }.into_any()
}

fn members(
    wanted: Wanted,
    pages: Pages,
    asked: Memo<Option<PeopleQuery>>,
    admins: RwSignal<Option<u64>>,
    people: PeopleCount,
) -> AnyView {
    let (session, place) = (Session::current(), Place::current());
    let inviting = RwSignal::new(false);
    let changing = RwSignal::new(None::<Changing>);
    let (leaving, returning) = (RwSignal::new(None::<MemberLine>), RwSignal::new(None::<MemberLine>));
    let listed = RwSignal::new(None::<MemberLine>);
    let explained = RwSignal::new(None::<String>);
    let columns = Columns::recalled();
    let selection = Selection::new(place, pages, asked);
    let bulk = RwSignal::new(None::<BulkAction>);
    let exporting = RwSignal::new(false);
    let count = derive(move || pages.count.get().unwrap_or_default());
    let why_not_invite = derive(move || {
        // Whoever may invite the least of roles may open the dialog; it explains the others.
        let user = place.why_not(&Action::Invite(&OrganizationRole::User));
        user.and_then(|_| place.why_not(&Action::Invite(&OrganizationRole::Admin)))
    });
    let invite = Callback::new(move |()| inviting.set(true));
    crate::components::take_errand(crate::paths::INVITE, why_not_invite, invite);
    let export = Callback::new(move |()| exporting.set(true));
    let tray = Tray::current().filter(|_| untrack(|| place.why_not(&Action::ManageMembers)).is_none());
    let toolbar = toolbar(wanted, pages, people, (columns, tray), why_not_invite, invite, export);
    lead_back(toolbar.node(), pages);
    replace_find();

    let admins = memo(move || admins.get());
    let context =
        RowContext { place, pages, admins, changing, leaving, returning, selection, listed, explained };
    let rows = Rows {
        count,
        exact: pages.exact.into(),
        seen: pages.seen,
        key_at: Callback::new(move |place| pages.key_at(place)),
        place_of: Callback::new(move |key: String| pages.place_of(&key)),
        row: Callback::new(move |key| member_row(key, context)),
        on_pick: Callback::new(move |(place, how)| selection.on_pick(place, how)),
    };
    let sort = memo(move || asked.with(|asked| asked.as_ref().and_then(|asked| asked.sort)));
    let can_sort =
        Callback::new(move |by| asked.with(|asked| asked.as_ref().is_some_and(|asked| asked.can_sort(by))));
    let on_sort = Callback::new(move |by| wanted.sort_by(by, sort.get_untracked()));
    let table = view! {
        <WindowedTable
            label=t!("Members")
            rows
            busy=pages.loading.into()
            columns=columns.widths()
            hidden=columns.hidden()
            headings=headings(sort, can_sort, on_sort, selection)
        />
    };
    let everybody = memo(move || wanted.everybody());
    let none = move || count.get() == 0 && !pages.loading.get();
    let clear = Callback::new(move |()| wanted.clear());
    let nobody = move || {
        let removed = asked.with(|asked| asked.as_ref().is_some_and(|asked| asked.kind == Kind::Removed));
        let text = if removed {
            t!(
                "Nobody like this was removed in the last 30 days. So long, whoever is removed can be brought back."
            )
        } else {
            t!("No member and no invitation has this address, name, role, status and workspace.")
        };
        view! {
            <EmptyState
                title=t!("Nobody matches")
                text=text
                icon=Icon::Search
            >
                <Button label=t!("Show everybody") on_press=clear />
            </EmptyState>
        }
        .into_any()
    };
    let alone = move || count.get() <= 1 && everybody.get() && !pages.loading.get();
    let may_invite = memo(move || why_not_invite.with(Option::is_none));
    let only_you = move || {
        view! {
            <EmptyState
                title=t!("Nobody else yet")
                text=t!("Invite the people you work with. Each gets a role, and the workspaces to work in.")
                icon=Icon::Users
            >
                <Button label=t!("Invite people") icon=Icon::UserPlus on_press=invite />
            </EmptyState>
        }
        .into_any()
    };
    atrium_ui::all([
        view! { <InviteMembers open=inviting /> }.into_any(),
        toolbar.view(),
        optional(move || what_is_missing(session, place)),
        view! { <SelectedMembers selection asked=bulk /> }.into_any(),
        table.into_any(),
        tray.map(|tray| view! { <ChangesBar tray /> }.into_any()).into_any(),
        when(move || none() && !everybody.get(), nobody),
        when(move || alone() && may_invite.get(), only_you),
        view! { <ChangeRole changing admins=admins.into() /> }.into_any(),
        view! { <RemoveMember leaving admins=admins.into() /> }.into_any(),
        view! { <BringBack returning /> }.into_any(),
        view! { <WorkspacesOf listed /> }.into_any(),
        view! { <WhyAccess asked=explained /> }.into_any(),
        view! { <BulkChange asked=bulk selection admins /> }.into_any(),
        view! { <ExportMembers open=exporting selection count exact=pages.exact /> }.into_any(),
    ])
}

/// Ctrl+F, or Cmd+F, leads to the search: the browser's own would find only who is in the page just now.
/// From inside of the search it is the browser's, for who wants that.
fn replace_find() {
    let find = window_event_listener_untyped("keydown", |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        let wanted = (key.ctrl_key() || key.meta_key()) && !key.alt_key() && !key.shift_key();
        if !wanted || event.default_prevented() || !key.key().eq_ignore_ascii_case("f") {
            return;
        }
        let element = |selector| document().query_selector(selector).ok().flatten();
        let search = element("main input[type=search]").and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let Some(search) = search.filter(|_| element("dialog[open]").is_none()) else { return };
        if document().active_element().as_ref() != Some(search.as_ref()) {
            event.prevent_default();
            focus(&search);
            search.select();
        }
    });
    on_cleanup(move || find.remove());
}

/// The answer to another question is read from its beginning.
fn lead_back(toolbar: &Element, pages: Pages) {
    let toolbar = StoredValue::new_local(toolbar.clone());
    let first = StoredValue::new(true);
    effect(move || {
        pages.answered.track();
        if first.get_value() {
            first.set_value(false);
            return;
        }
        let _ = toolbar.try_with_value(|toolbar| {
            if toolbar.get_bounding_client_rect().top() < 0.0 {
                toolbar.scroll_into_view();
            }
        });
    });
}

fn toolbar(
    wanted: Wanted,
    pages: Pages,
    people: PeopleCount,
    (columns, tray): (Columns, Option<Tray>),
    why_not_invite: Signal<Option<String>>,
    invite: Callback<()>,
    export: Callback<()>,
) -> El {
    let place = Place::current();
    let on_input = Callback::new(move |text: String| wanted.search.set.run(text.trim().to_owned()));
    let field = view! {
        <TextField
            label=t!("Search members")
            hide_label=true
            placeholder=t!("Search members")
            kind=FieldKind::Search
            value=wanted.typed
            on_input
        />
    };
    let roles = derive(|| {
        let known = OrganizationRole::KNOWN.iter();
        let known = known.map(|role| SelectOption::new(role.as_str(), role_label(role.label())));
        std::iter::once(SelectOption::new("", t!("All roles"))).chain(known).collect()
    });
    let session = Session::current();
    let statuses = derive(move || {
        let mut options = vec![("", t!("Any status")), ("active", t!("Active")), ("invited", t!("Invited"))];
        if shows_removed(session, place) {
            options.push(("removed", t!("Removed")));
        }
        options.into_iter().map(|(value, label)| SelectOption::new(value, label)).collect()
    });
    let workspaces = derive(move || {
        let all = place.workspaces.data.get().unwrap_or_default();
        let known = all.into_iter().map(|one| SelectOption::new(one.id, one.display_name));
        std::iter::once(SelectOption::new("", t!("All workspaces"))).chain(known).collect()
    });
    let summary = move || {
        let found = pages.count.get().unwrap_or_default();
        let exact = pages.exact.get();
        match people.total() {
            Some(total) if !wanted.everybody() => {
                let more = if exact { "" } else { "+" };
                let found = format!("{}{more}", number(found as u64));
                tn!(total, "{found} of {count} person", "{found} of {count} people", found)
            }
            _ if exact => tn!(found, "{count} person", "{count} people"),
            _ => tn!(found, "{count}+ person", "{count}+ people"),
        }
    };
    let invite = view! {
        <Button
            label=t!("Invite")
            kind=ButtonKind::Primary
            icon=Icon::UserPlus
            disabled_reason=why_not_invite
            on_press=invite
        />
    };
    el("div")
        .class("toolbar")
        .with(el("span").class("toolbar-search").with(field))
        .with(filter(t!("Filter by role"), wanted.role, roles))
        .with(filter(t!("Filter by status"), wanted.status, statuses))
        .with(filter(t!("Filter by workspace"), wanted.workspace, workspaces))
        .with(view! { <ColumnsMenu columns /> })
        .with(tray.map(|tray| view! { <CollectButton tray /> }.into_any()))
        .with(view! { <Button label=t!("Export") icon=Icon::Download icon_only=true kind=ButtonKind::Quiet on_press=export /> })
        .with(el("span").class("toolbar-gap").attr("role", "status").with(text(summary)))
        .with(invite)
}

fn filter(label: &'static str, state: AddressState, options: Signal<Vec<SelectOption>>) -> AnyView {
    view! { <Select label hide_label=true compact=true value=state.value options on_change=state.set /> }
        .into_any()
}
