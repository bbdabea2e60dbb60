//! The first step: who is in the team, and what that costs. People can be taken out before anything is
//! paid, and others invited.

use atrium_domain::Tier;
use atrium_domain::wire::{Invitation, Member, Role, team_cost};
use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Button, ButtonKind, El, Icon, Status, TableFrame, Tone, all, cell, derive, el, heading_row, keyed, memo,
    table_parts, text,
};
use atrium_words::{look, t, tn};
use leptos::prelude::*;

use crate::api::{self, ReadAt, query};
use crate::components::{Loaded, money};
use crate::forms::{InviteMembers, RemoveMember, cancel_or};
use crate::session::{Place, Session, organization_role_of};
use crate::table::MemberLine;

/// The team with what each seat costs, and the sum.
#[component]
pub fn ReviewTeam(
    /// The plan that was chosen.
    tier: Tier,
    /// Leaves.
    cancel: Callback<()>,
    /// Goes on.
    next: Callback<()>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let members = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            Some(api::members(place.organization.get()))
        },
    );
    let lines = memo(move || {
        let roles = place.roles.data.get().unwrap_or_default();
        let own = place.own_identity();
        members.data.with(|members| {
            let Some(members) = members else { return Vec::new() };
            let active = members.members.iter().map(|one| of_member(one, &roles, own.as_deref()));
            active.chain(members.pending.iter().map(|one| of_invitation(one, &roles))).collect::<Vec<_>>()
        })
    });
    let admins = derive(move || {
        let known = members.data.with(Option::is_some);
        let admin =
            |line: &&MemberLine| !line.invited && !line.is_disabled && line.role == OrganizationRole::Admin;
        known.then(|| lines.with(|lines| lines.iter().filter(admin).count() as u64))
    });
    let count = memo(move || lines.with(Vec::len));
    let limit = tier.terms().max_identities;
    let price = tier.terms().price_per_seat.map(u64::from).unwrap_or_default();
    let label = tier.label().to_owned();
    let total = move || team_cost(&tier, count.get(), 0).map(money).unwrap_or_default();
    let seats = move || tn!(count.get(), "{count} seat", "{count} seats");
    let waits = derive(move || {
        if members.data.with(Option::is_none) {
            return Some(t!("The team is still being counted.").to_owned());
        }
        let over = count.get().saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX));
        (over > 0).then(|| {
            let has = tn!(
                limit,
                "The {plan} plan has {count} seat.",
                "The {plan} plan has {count} seats.",
                plan = label
            );
            let remove = tn!(over, "Remove {count} of the team first.", "Remove {count} of the team first.");
            format!("{has} {remove}")
        })
    });
    let leaving = RwSignal::new(None::<MemberLine>);
    let inviting = RwSignal::new(false);
    let row = move |key: String| {
        let line = lines.with_untracked(|lines| lines.iter().find(|line| line.identity == key).cloned());
        line.map_or_else(|| ().into_any(), |line| row(line, price, place, leaving).view())
    };
    let keys = derive(move || {
        lines.with(|lines| lines.iter().map(|line| line.identity.clone()).collect::<Vec<_>>())
    });
    let headings =
        [(t!("Email"), ""), (t!("Status"), ""), (t!("A month"), "num"), (t!("Actions"), "actions")];
    let team = view! {
        <Loaded query=members what=t!("the team") rows=2>
            <TableFrame label=t!("Team members") row_count=derive(move || count.get() + 1)>
                {table_parts(heading_row(&headings), keyed(keys, row))}
            </TableFrame>
        </Loaded>
    };
    let sum = el("div")
        .class("total")
        .with(el("span").with(t!("Total")))
        .with(el("strong").with(text(move || t!("{sum} a month", sum = total()))))
        .with(el("span").class("muted").with(text(seats)).with(" × ").with(money(price)));
    let why_no_invitation = derive(move || {
        let caller = place.caller.get()?;
        caller.may_invite_anybody().err().map(|denied| look(denied.0).to_owned())
    });
    let invite = view! {
        <Button
            label=t!("Invite")
            name=t!("Invite more people")
            icon=Icon::UserPlus
            disabled_reason=why_no_invitation
            on_press=Callback::new(move |()| inviting.set(true))
        />
    };
    let go_on = view! {
        <Button label=t!("Continue") kind=ButtonKind::Primary disabled_reason=waits on_press=next />
    };
    let lead = t!(
        "Each seat costs {price} a month. Invitations take a seat as well, until you revoke them. Take out whoever need not \
         be here: nothing is paid yet.",
        price = money(price),
    );
    all([
        el("div").class("team-head").with(el("p").class("muted").with(lead)).with(invite).view(),
        team.into_any(),
        sum.view(),
        cancel_or(cancel, false, go_on.into_any()),
        view! { <RemoveMember leaving admins /> }.into_any(),
        view! { <InviteMembers open=inviting /> }.into_any(),
    ])
}

fn row(line: MemberLine, price: u64, place: Place, leaving: RwSignal<Option<MemberLine>>) -> El {
    let (status, tone) =
        if line.invited { (t!("Invited"), Tone::Neutral) } else { (t!("Active"), Tone::Good) };
    let label = match line.invited {
        true => t!("Revoke invitation to {email}", email = line.email),
        false => t!("Remove {email}", email = line.email),
    };
    let (role, is_self) = (line.role.clone(), line.is_self);
    let reason = derive(move || match is_self {
        true => Some(t!("This is you. Somebody has to set up billing.").to_owned()),
        false => place.why_not(&Action::Remove(&role)),
    });
    let email = line.email.clone();
    let line = StoredValue::new(line);
    let remove = view! {
        <Button
            label
            icon=Icon::Trash
            icon_only=true
            kind=ButtonKind::Quiet
            disabled_reason=reason
            on_press=Callback::new(move |()| leaving.set(Some(line.get_value())))
        />
    };
    // On a card these two are its head, and need no heading beside them.
    let plain = || el("td").attr("role", "cell");
    el("tr")
        .attr("role", "row")
        .with(plain().with(email))
        .with(cell(t!("Status")).with(view! { <Status text=status tone /> }))
        .with(cell(t!("A month")).class("num").with(money(price)))
        .with(plain().class("actions").with(remove))
}

fn of_member(one: &Member, roles: &[Role], own: Option<&str>) -> MemberLine {
    let (id, name) = (
        one.org_role_id.as_ref().or(one.role_id.as_ref()),
        one.org_role_name.as_ref().or(one.role_name.as_ref()),
    );
    line(
        roles,
        id,
        name,
        MemberLine {
            identity: one.id.clone(),
            email: one.email.clone().unwrap_or_default(),
            name: one.full_name.clone().unwrap_or_default(),
            is_self: own == Some(one.id.as_str()),
            is_disabled: one.is_disabled,
            since: one.created_at.clone(),
            ..nobody()
        },
    )
}

fn of_invitation(one: &Invitation, roles: &[Role]) -> MemberLine {
    let (id, name) = (
        one.org_role_id.as_ref().or(one.role_id.as_ref()),
        one.org_role_name.as_ref().or(one.role_name.as_ref()),
    );
    line(
        roles,
        id,
        name,
        MemberLine {
            identity: one.id.clone(),
            email: one.email.clone(),
            invited: true,
            since: one.created_at.clone(),
            ..nobody()
        },
    )
}

fn line(roles: &[Role], id: Option<&String>, name: Option<&String>, line: MemberLine) -> MemberLine {
    let role =
        organization_role_of(roles, id, name).unwrap_or_else(|| OrganizationRole::Other(String::new()));
    MemberLine { role_name: role.label().to_owned(), role, role_id: id.cloned().unwrap_or_default(), ..line }
}

/// A line without anything in it.
fn nobody() -> MemberLine {
    MemberLine {
        identity: String::new(),
        email: String::new(),
        name: String::new(),
        invited: false,
        is_self: false,
        is_disabled: false,
        role: OrganizationRole::Other(String::new()),
        role_id: String::new(),
        role_name: String::new(),
        workspaces: Vec::new(),
        since: String::new(),
        removed: None,
        etag: None,
        read_at: ReadAt::now(),
    }
}
