//! Invitations from a CSV file: which column holds what, and what each line asks for.

use atrium_words::t;

use crate::csv::{self, Line};
use crate::email::{MAX_ADDRESS, is_address, normalize};

/// What a column of the file can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The address.
    Email,
    /// The organization role.
    Role,
    /// The workspaces.
    Workspaces,
    /// The role in the workspaces.
    WorkspaceRole,
}

impl Field {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Email, Self::Role, Self::Workspaces, Self::WorkspaceRole];

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Email => t!("Email"),
            Self::Role => t!("Organization role"),
            Self::Workspaces => t!("Workspaces"),
            Self::WorkspaceRole => t!("Workspace role"),
        }
    }

    /// Headings that say that a column holds this, plain (see [`plain`]).
    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Email => &["email", "mail", "address", "emailaddress", "user", "username", "login"],
            Self::Role => {
                &["organizationrole", "orgrole", "role", "organisationrole", "orgrolename", "rolename"]
            }
            Self::Workspaces => {
                &["workspaces", "workspace", "workspacenames", "workspacename", "tenants", "teams"]
            }
            Self::WorkspaceRole => {
                &["workspacerole", "roleinworkspaces", "roleinworkspace", "workspacerolename"]
            }
        }
    }
}

/// Letters and digits in small letters: how headings and names are compared.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Which column holds which field; `None` where none does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mapping([Option<usize>; 4]);

impl Mapping {
    /// The column of a field.
    pub const fn column(self, field: Field) -> Option<usize> {
        self.0[field as usize]
    }

    /// Another column for a field. A column holds one thing: what held it before lets it go.
    pub fn set(&mut self, field: Field, column: Option<usize>) {
        if column.is_some() {
            self.0.iter_mut().filter(|held| **held == column).for_each(|held| *held = None);
        }
        self.0[field as usize] = column;
    }

    /// What the headings say; where no heading says where the addresses are, the first column that
    /// has one in a line.
    fn guess(headings: Option<&[String]>, lines: &[Line]) -> Self {
        let mut mapping = Self::default();
        let headings: Vec<String> = headings.unwrap_or_default().iter().map(|one| plain(one)).collect();
        for field in Field::ALL {
            let found = field.headings().iter().find_map(|known| {
                let free = |at: &usize| !mapping.0.contains(&Some(*at));
                headings.iter().enumerate().find(|(at, own)| own == known && free(at)).map(|(at, _)| at)
            });
            mapping.0[field as usize] = found;
        }
        if mapping.column(Field::Email).is_none() {
            let holds = |line: &Line| line.cells.iter().position(|cell| is_address(&normalize(cell)));
            let found = lines.iter().find_map(holds);
            mapping.set(Field::Email, found);
        }
        mapping
    }
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The name of each column: its heading, or "Column 2" where there is none.
    pub columns: Vec<String>,
    /// The lines below the headings.
    pub lines: Vec<Line>,
    /// Which column holds what, by the headings.
    pub guess: Mapping,
}

impl File {
    /// Takes a text apart. Its first line is one of headings unless it has an address in it.
    pub fn read(text: &str) -> Self {
        let mut lines = csv::read(text);
        let is_heading =
            lines.first().is_some_and(|first| !first.cells.iter().any(|cell| cell.contains('@')));
        let head = is_heading.then(|| lines.remove(0).cells);
        let width = lines.iter().map(|line| line.cells.len()).chain(head.iter().map(Vec::len)).max();
        let name = |at: usize| {
            let heading = head.as_ref().and_then(|head| head.get(at)).map(|one| one.trim());
            match heading.filter(|one| !one.is_empty()) {
                Some(heading) => heading.to_owned(),
                None => t!("Column {number}", number = at + 1),
            }
        };
        let guess = Mapping::guess(head.as_deref(), &lines);
        Self { columns: (0..width.unwrap_or_default()).map(name).collect(), lines, guess }
    }
}

/// Something that a cell can name: its id, and the words for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The name for people first, then other words for it.
    pub names: Vec<String>,
}

/// What can be named in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The organization roles.
    pub roles: Vec<Named>,
    /// The workspaces.
    pub workspaces: Vec<Named>,
    /// The workspace roles; none where they do not differ.
    pub workspace_roles: Vec<Named>,
}

/// Whom a line invites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The address, normalized.
    pub email: String,
    /// The id of the organization role, where the line names one.
    pub role: Option<String>,
    /// The ids of the workspaces, where the line names any.
    pub workspaces: Option<Vec<String>>,
    /// The id of the role in them, where the line names one.
    pub workspace_role: Option<String>,
}

/// What a cell names.
#[derive(Clone, Copy)]
enum What {
    Role,
    Workspace,
    WorkspaceRole,
}

fn find(list: &[Named], text: &str, what: What) -> Result<String, String> {
    let wanted = plain(text);
    let exact = |one: &&Named| one.names.iter().any(|name| name == text.trim());
    let alike = |one: &&Named| !wanted.is_empty() && one.names.iter().any(|name| plain(name) == wanted);
    let mut found: Vec<&Named> = list.iter().filter(exact).collect();
    if found.is_empty() {
        found = list.iter().filter(alike).collect();
    }
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        found => {
            let name = cut(text);
            Err(match (what, found.is_empty()) {
                (What::Role, true) => t!("There is no organization role “{name}”.", name),
                (What::Role, false) => t!("There are several organization roles “{name}”.", name),
                (What::Workspace, true) => t!("There is no workspace “{name}”.", name),
                (What::Workspace, false) => t!("There are several workspaces “{name}”.", name),
                (What::WorkspaceRole, true) => t!("There is no workspace role “{name}”.", name),
                (What::WorkspaceRole, false) => t!("There are several workspace roles “{name}”.", name),
            })
        }
    }
}

/// The beginning of a text, short enough for a sentence.
fn cut(text: &str) -> String {
    text.trim().chars().take(60).collect()
}

/// The text before the bracket at its end, and what is in that.
fn with_role(text: &str) -> Option<(&str, &str)> {
    let (name, role) = text.trim().strip_suffix(')')?.rsplit_once('(')?;
    Some((name.trim(), role.trim()))
}

/// What a cell of workspaces names: their ids, and the roles in them that stand beside.
fn workspaces(cell: &str, names: &Names) -> Result<(Vec<String>, Vec<String>), String> {
    let one = |text: &str| match (find(&names.workspaces, text, What::Workspace), with_role(text)) {
        (Ok(id), _) => Ok((id, None)),
        (Err(_), Some((name, role))) => {
            let id = find(&names.workspaces, name, What::Workspace)?;
            // Where roles do not differ, what is named there says nothing.
            let role = if names.workspace_roles.is_empty() {
                None
            } else {
                Some(find(&names.workspace_roles, role, What::WorkspaceRole)?)
            };
            Ok((id, role))
        }
        (Err(sentence), None) => Err(sentence),
    };
    let list = |separators: &[char]| -> Result<Vec<(String, Option<String>)>, String> {
        cell.split(separators).filter(|part| !part.trim().is_empty()).map(one).collect()
    };
    // A name may have a separator in it: the cell as a whole first.
    let found = one(cell).map(|one| vec![one]).or_else(|_| list(&[';', '|', '\n', '\r']));
    let found = match found {
        Ok(found) => found,
        Err(sentence) => list(&[';', '|', '\n', '\r', ',']).map_err(|_| sentence)?,
    };
    let mut ids = Vec::new();
    let mut roles = Vec::new();
    for (id, role) in found {
        if !ids.contains(&id) {
            ids.push(id);
        }
        roles.extend(role.filter(|role| !roles.contains(role)));
    }
    Ok((ids, roles))
}

/// Whom a line invites, or what is wrong with it, as a sentence.
///
/// # Errors
/// A quote that is never closed, no address, or a name that stands for nothing.
pub fn read_line(line: &Line, mapping: Mapping, names: &Names) -> Result<Imported, String> {
    if line.is_cut_off {
        return Err(
            t!("A quotation mark in this line is never closed; the rest of the file is in it.").to_owned()
        );
    }
    let cell = |field: Field| {
        let cell = mapping.column(field).and_then(|at| line.cells.get(at)).map(|cell| cell.trim());
        cell.filter(|cell| !cell.is_empty())
    };
    let Some(address) = cell(Field::Email) else {
        return Err(t!("There is no address in this line.").to_owned());
    };
    let email = normalize(address);
    if !is_address(&email) {
        let shown: String = address.chars().take(MAX_ADDRESS).collect();
        return Err(t!("“{shown}” is not an email address.", shown));
    }
    let role = cell(Field::Role).map(|text| find(&names.roles, text, What::Role)).transpose()?;
    let mut workspace_role = match cell(Field::WorkspaceRole).filter(|_| !names.workspace_roles.is_empty()) {
        Some(text) => Some(find(&names.workspace_roles, text, What::WorkspaceRole)?),
        None => None,
    };
    let mut opened = None;
    if let Some(text) = cell(Field::Workspaces) {
        match plain(text).as_str() {
            "allworkspaces" | "all" => {
                opened = Some(names.workspaces.iter().map(|one| one.id.clone()).collect());
            }
            "none" | "noworkspace" | "noworkspaces" => opened = Some(Vec::new()),
            _ => {
                let (ids, beside) = workspaces(text, names)?;
                opened = Some(ids);
                match (beside.as_slice(), &workspace_role) {
                    ([], _) => {}
                    ([one], None) => workspace_role = Some(one.clone()),
                    ([one], Some(own)) if one == own => {}
                    _ => {
                        return Err(t!(
                            "An invitation gives one workspace role, the same in all workspaces. Change the \
                             others after the person has joined."
                        )
                        .to_owned());
                    }
                }
            }
        }
    }
    Ok(Imported { email, role, workspaces: opened, workspace_role })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::people_export::{ExportedPerson, csv_head};

    fn names() -> Names {
        let named = |id: &str, names: &[&str]| Named {
            id: id.into(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        Names {
            roles: vec![
                named("admin", &["Organization Admin", "ORGANIZATION_ADMIN", "Admin"]),
                named("user", &["Organization User", "ORGANIZATION_USER", "User"]),
            ],
            workspaces: vec![
                named("w1", &["Research"]),
                named("w2", &["Sales, West"]),
                named("w3", &["Twin"]),
                named("w4", &["Twin"]),
            ],
            workspace_roles: vec![named("editor", &["Editor"]), named("viewer", &["Viewer"])],
        }
    }

    fn read_all(text: &str) -> Vec<Result<Imported, String>> {
        let file = File::read(text);
        file.lines.iter().map(|line| read_line(line, file.guess, &names())).collect()
    }

    #[test]
    fn columns_are_guessed_from_the_headings() {
        let file = File::read("Name;E-Mail;Org role;workspace-role;Workspace\nAda;ada@b.co;Admin;;");
        let column = |field| file.guess.column(field);
        assert_eq!(column(Field::Email), Some(1));
        assert_eq!(column(Field::Role), Some(2));
        assert_eq!(column(Field::WorkspaceRole), Some(3));
        assert_eq!(column(Field::Workspaces), Some(4));
        assert_eq!(file.columns, ["Name", "E-Mail", "Org role", "workspace-role", "Workspace"]);
        let bare = File::read("Ada,ada@b.co\nBob,bob@b.co,x");
        assert_eq!((bare.guess.column(Field::Email), bare.lines.len()), (Some(1), 2));
        assert_eq!(bare.columns, ["Column 1", "Column 2", "Column 3"]);
    }

    #[test]
    fn a_column_holds_one_thing() {
        let mut mapping = Mapping::default();
        mapping.set(Field::Email, Some(0));
        mapping.set(Field::Role, Some(0));
        assert_eq!((mapping.column(Field::Email), mapping.column(Field::Role)), (None, Some(0)));
        mapping.set(Field::Role, None);
        assert_eq!(mapping, Mapping::default());
    }

    #[test]
    fn lines_say_what_they_ask_for() {
        let read = read_all(
            "email,role,workspaces,workspace role\r\n\
             Ada@b.co,organization admin,,\r\n\
             bob@b.co,USER,\"Research; Sales, West\",viewer\r\n\
             carol@b.co,,\"Sales, West\",\r\n\
             dan@b.co,,Research (Viewer),\r\n\
             eve@b.co,,all,\r\n",
        );
        let wanted = |email: &str, role: Option<&str>, ids: Option<&[&str]>, inside: Option<&str>| {
            Ok(Imported {
                email: email.into(),
                role: role.map(str::to_owned),
                workspaces: ids.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect()),
                workspace_role: inside.map(str::to_owned),
            })
        };
        assert_eq!(
            read,
            [
                wanted("ada@b.co", Some("admin"), None, None),
                wanted("bob@b.co", Some("user"), Some(&["w1", "w2"]), Some("viewer")),
                wanted("carol@b.co", None, Some(&["w2"]), None),
                wanted("dan@b.co", None, Some(&["w1"]), Some("viewer")),
                wanted("eve@b.co", None, Some(&["w1", "w2", "w3", "w4"]), None),
            ]
        );
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said() {
        let read = read_all(
            "email,role,workspaces,workspace role\n\
             not one,,,\n\
             ,User,,\n\
             a@b.co,Emperor,,\n\
             a@b.co,,Elsewhere,\n\
             a@b.co,,Twin,\n\
             a@b.co,,Research (Viewer),Editor\n\
             a@b.co,,,Emperor\n\
             a@b.co,,\"Research",
        );
        let sentences: Vec<String> = read.into_iter().map(|line| line.unwrap_err()).collect();
        let begins = [
            "“not one” is not an email address.",
            "There is no address in this line.",
            "There is no organization role “Emperor”.",
            "There is no workspace “Elsewhere”.",
            "There are several workspaces “Twin”.",
            "An invitation gives one workspace role",
            "There is no workspace role “Emperor”.",
            "A quotation mark in this line is never closed",
        ];
        for (sentence, begin) in sentences.iter().zip(begins) {
            assert!(sentence.starts_with(begin), "{sentence}");
        }
        assert_eq!(sentences.len(), begins.len());
    }

    #[test]
    fn without_rbac_a_workspace_role_says_nothing() {
        let names = Names { workspace_roles: Vec::new(), ..names() };
        let file = File::read("email,workspaces,workspace role\na@b.co,Research (Viewer),Emperor");
        let read = read_line(&file.lines[0], file.guess, &names).unwrap();
        assert_eq!((read.workspaces, read.workspace_role), (Some(vec!["w1".to_owned()]), None));
    }

    #[test]
    fn what_was_exported_can_be_imported() {
        let mut text = csv_head();
        let bob = ExportedPerson {
            email: "+bob@b.co".into(),
            role: "Organization User".into(),
            workspaces: vec![("Research".into(), "Viewer".into()), ("Sales, West".into(), "Viewer".into())],
            ..Default::default()
        };
        bob.write_csv(&mut text);
        ExportedPerson { email: "ada@b.co".into(), in_all: true, role: "Organization Admin".into(), ..bob }
            .write_csv(&mut text);
        let read: Vec<Imported> = read_all(&text).into_iter().map(Result::unwrap).collect();
        assert_eq!(read[0].email, "+bob@b.co");
        assert_eq!(read[0].workspaces.as_deref(), Some(&["w1".to_owned(), "w2".to_owned()][..]));
        assert_eq!(read[0].workspace_role.as_deref(), Some("viewer"));
        assert_eq!(
            (read[1].role.as_deref(), read[1].workspaces.as_ref().map(Vec::len)),
            (Some("admin"), Some(4))
        );
    }

    proptest! {
        #[test]
        fn no_file_makes_it_panic(text in "(?s).{0,200}", one in 0..6_usize, other in 0..6_usize) {
            let file = File::read(&text);
            let mut mapping = file.guess;
            mapping.set(Field::Email, Some(one));
            mapping.set(Field::Workspaces, Some(other));
            for line in &file.lines {
                if let Ok(read) = read_line(line, mapping, &names()) {
                    prop_assert!(is_address(&read.email));
                }
            }
        }
    }
}
