//! The message that goes with an invitation, for the inviter to pass on: an invitation that nobody
//! hears of, or that somebody looks for with another address, ends nowhere.

pub use atrium_words::list;
use atrium_words::{plain, t};

/// What an invited person has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassOn<'a> {
    /// The address that is invited.
    pub email: &'a str,
    /// The organization.
    pub organization: &'a str,
    /// Who invites, by address; empty where that is not known.
    pub inviter: &'a str,
    /// Where Atrium is.
    pub place: &'a str,
    /// Where an account can be made; `None` where an installation gives them out itself.
    pub sign_up: Option<&'a str>,
    /// The organization role, by its name as it is read.
    pub role: &'a str,
    /// The workspaces, by name.
    pub workspaces: &'a [String],
    /// The role in them, by its name as it is read; empty where it is not to be told.
    pub workspace_role: &'a str,
}

impl PassOn<'_> {
    /// The message.
    pub fn message(&self) -> String {
        let Self { email, organization, inviter, place, role, workspace_role, .. } = self;
        let workspaces = list(self.workspaces);
        let invites = match (inviter.is_empty(), self.workspaces.is_empty(), workspace_role.is_empty()) {
            (true, true, _) => {
                t!("You are invited to {organization} in Atrium, as {role}.", organization, role)
            }
            (true, false, true) => t!(
                "You are invited to {organization} in Atrium, as {role}, in {workspaces}.",
                organization,
                role,
                workspaces,
            ),
            (true, false, false) => t!(
                "You are invited to {organization} in Atrium, as {role}, {workspace_role} in {workspaces}.",
                organization,
                role,
                workspace_role,
                workspaces,
            ),
            (false, true, _) => t!(
                "{inviter} invites you to {organization} in Atrium, as {role}.",
                inviter,
                organization,
                role,
            ),
            (false, false, true) => t!(
                "{inviter} invites you to {organization} in Atrium, as {role}, in {workspaces}.",
                inviter,
                organization,
                role,
                workspaces,
            ),
            (false, false, false) => t!(
                "{inviter} invites you to {organization} in Atrium, as {role}, {workspace_role} in \
                 {workspaces}.",
                inviter,
                organization,
                role,
                workspace_role,
                workspaces,
            ),
        };
        let account = match self.sign_up {
            Some(page) => t!("If there is no account with this address yet, make one: {page}", page),
            None => t!(
                "If you have no account with this address yet, ask the person who runs this Atrium for one."
            )
            .to_owned(),
        };
        let open = t!("Open {place}", place);
        let sign_in = t!("Sign in with {email}. No other address finds this invitation.", email);
        let accept = t!(
            "Press Accept beside “{organization}”. Later, the profile icon at the bottom left leads to it.",
            organization,
        );
        // It is copied, and addresses are copied out of it.
        plain(&format!("{invites}\n\n1. {open}\n2. {sign_in}\n   {account}\n3. {accept}\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_all_that_is_needed() {
        let workspaces = ["Research".to_owned(), "Search".to_owned()];
        let told = PassOn {
            email: "carol@example.com",
            organization: "Acme",
            inviter: "ada@example.com",
            place: "https://atrium.example.com/",
            sign_up: Some("https://atrium.example.com/signup"),
            role: "Organization User",
            workspaces: &workspaces,
            workspace_role: "Editor",
        };
        let text = told.message();
        for part in [
            "ada@example.com invites you to Acme",
            "as Organization User, Editor in Research and Search.",
            "Open https://atrium.example.com/\n",
            "Sign in with carol@example.com.",
            "https://atrium.example.com/signup",
            "Accept beside “Acme”",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let text = PassOn { inviter: "", sign_up: None, workspaces: &[], ..told }.message();
        assert!(text.starts_with("You are invited to Acme in Atrium, as Organization User.\n"), "{text}");
        assert!(text.contains("ask the person who runs this Atrium"), "{text}");
    }

    #[test]
    fn names_are_listed() {
        let of = |names: &[&str]| list(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!((of(&[]), of(&["A"])), (String::new(), "A".to_owned()));
        assert_eq!((of(&["A", "B"]), of(&["A", "B", "C"])), ("A and B".to_owned(), "A, B and C".to_owned()));
    }
}
