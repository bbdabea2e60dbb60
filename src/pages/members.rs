//! Settings > Members and roles > Members.

use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Button, ButtonKind, EmptyState, FieldKind, Icon, Select, SelectOption, TableFrame, TextField, derive,
    effect, el, heading_row, keyed, lower, memo, optional, table_parts, text, when,
};
use leptos::prelude::*;

use super::members_and_roles::People;
use super::members_row::{MemberLine, MemberRow, lines};
use crate::components::{Loaded, address_state, number};
use crate::forms::{InviteMembers, Leaving, RemoveMember};
use crate::session::Place;

/// How many rows more are shown at a time.
const ROWS: usize = 100;

/// `/o/{organization}/settings/members`
#[component]
pub fn MembersPage() -> impl IntoView {
    let place = Place::current();
    let members = People::current().0;
    let all = memo(move || {
        let roles = place.roles.data.get().unwrap_or_default();
        let own = place.own_identity();
        members.data.with(|members| {
            members.as_ref().map(|members| lines(members, &roles, own.as_deref())).unwrap_or_default()
        })
    });
    view! {
        <Loaded query=members what="the members" rows=8>
            <Members all busy=members.loading />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Members(all: Memo<Vec<MemberLine>>, busy: RwSignal<bool>) -> impl IntoView {
    let place = Place::current();
    let inviting = RwSignal::new(false);
    let leaving = RwSignal::new(None::<Leaving>);
    let most = RwSignal::new(ROWS);
    let search = address_state("q");
    let role = address_state("role");
    let status = address_state("status");
    let typed = RwSignal::new(search.value.get_untracked());
    // Back and a link set the field; typing sets the address.
    effect(move || {
        let value = search.value.get();
        if typed.with_untracked(|typed| typed.trim() != value) {
            typed.set(value);
        }
    });

    let matching = memo(move || {
        let wanted = typed.with(|typed| lower(typed.trim()));
        let (role, status) = (role.value.get(), status.value.get());
        all.with(|all| {
            let fits = |line: &&MemberLine| line.matches(&wanted, &role, &status);
            all.iter().filter(fits).map(|line| line.identity.clone()).collect::<Vec<_>>()
        })
    });
    let admins = memo(move || {
        all.with(|all| {
            all.iter().filter(|line| !line.invited && line.role == OrganizationRole::Admin).count()
        })
    });
    let shown = memo(move || matching.with(|ids| ids.iter().take(most.get()).cloned().collect::<Vec<_>>()));
    let hidden = memo(move || matching.with(Vec::len) - shown.with(Vec::len));
    let why_not_invite = derive(move || {
        // Whoever may invite the least of roles may open the dialog; it explains the others.
        let user = place.why_not(&Action::Invite(&OrganizationRole::User));
        user.and_then(|_| place.why_not(&Action::Invite(&OrganizationRole::Admin)))
    });
    let clear = Callback::new(move |()| {
        typed.set(String::new());
        search.set.run(String::new());
        role.set.run(String::new());
        status.set.run(String::new());
    });
    let summary = move || {
        let (found, total) = (matching.with(Vec::len), all.with(Vec::len));
        let people = if total == 1 { "person" } else { "people" };
        if found == total {
            format!("{} {people}", number(total as u64))
        } else {
            format!("{} of {} {people}", number(found as u64), number(total as u64))
        }
    };
    let on_input = Callback::new(move |text: String| search.set.run(text.trim().to_owned()));
    let field = view! {
        <TextField
            label="Search members"
            hide_label=true
            placeholder="Search members"
            kind=FieldKind::Search
            value=typed
            on_input
        />
    };
    let invite = view! {
        <Button
            label="Invite"
            kind=ButtonKind::Primary
            icon=Icon::UserPlus
            disabled_reason=why_not_invite
            on_press=Callback::new(move |()| inviting.set(true))
        />
    };
    let toolbar = el("div")
        .class("toolbar")
        .with(el("span").class("toolbar-search").with(field))
        .with(role_filter(role.value, role.set))
        .with(status_filter(status.value, status.set))
        .with(el("span").class("toolbar-gap").attr("role", "status").with(text(summary)))
        .with(invite);
    let headings = [("Email", ""), ("Status", ""), ("Role", ""), ("Workspaces", ""), ("Actions", "actions")];
    let row = move |identity: String| view! { <MemberRow identity all shown admins leaving /> }.into_any();
    let table = view! {
        <TableFrame label="Members" row_count=derive(move || matching.with(Vec::len) + 1) busy=busy>
            {table_parts(heading_row(&headings).attr("aria-rowindex", "1"), keyed(shown, row))}
        </TableFrame>
    };
    let nobody = move || {
        view! {
            <EmptyState
                title="Nobody matches"
                text="No member and no invitation has this address, name, role and status."
                icon=Icon::Search
            >
                <Button label="Show everybody" on_press=clear />
            </EmptyState>
        }
        .into_any()
    };
    let show_more = Callback::new(move |()| most.update(|most| *most += ROWS));
    let more = move || {
        let left = hidden.get();
        let label = format!("Show {} more", number(left.min(ROWS) as u64));
        let note = format!("{} more match. The search looks at all of them.", number(left as u64));
        (left > 0).then(|| {
            el("p")
                .class("more")
                .with(view! { <Button label on_press=show_more /> })
                .with(el("span").class("muted").with(note))
                .view()
        })
    };
    atrium_ui::all([
        view! { <InviteMembers open=inviting /> }.into_any(),
        toolbar.view(),
        table.into_any(),
        when(move || matching.with(Vec::is_empty), nobody),
        optional(more),
        view! { <RemoveMember leaving /> }.into_any(),
    ])
}

fn role_filter(role: Memo<String>, set: Callback<String>) -> AnyView {
    let options = derive(move || {
        let known = OrganizationRole::KNOWN.iter().map(|role| SelectOption::new(role.as_str(), role.label()));
        std::iter::once(SelectOption::new("", "All roles")).chain(known).collect::<Vec<_>>()
    });
    view! { <Select label="Filter by role" hide_label=true compact=true value=role options on_change=set /> }
        .into_any()
}

fn status_filter(status: Memo<String>, set: Callback<String>) -> AnyView {
    let options = vec![
        SelectOption::new("", "Any status"),
        SelectOption::new("active", "Active"),
        SelectOption::new("invited", "Invited"),
    ];
    view! {
        <Select
            label="Filter by status"
            hide_label=true
            compact=true
            value=status
            options=derive(move || options.clone())
            on_change=set
        />
    }
    .into_any()
}
