//! Members and invitations as a file to take along.

use crate::csv;
use crate::json::quote;

/// The headings of the columns, in their order.
pub const HEADINGS: [&str; 7] =
    ["Email", "Name", "Status", "Organization role", "Workspaces", "Joined", "Invited"];

/// A line of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportedPerson {
    /// The address.
    pub email: String,
    /// The name; empty where it is not known.
    pub name: String,
    /// Active, Invited or Disabled.
    pub status: &'static str,
    /// The name of the organization role.
    pub role: String,
    /// Whether the role opens every workspace, whatever is listed.
    pub in_all: bool,
    /// The workspaces, each with the name of the role there (empty where it is not known).
    pub workspaces: Vec<(String, String)>,
    /// When the person joined, or was invited, as the API tells it (RFC 3339).
    pub since: String,
    /// Whether this is an invitation.
    pub invited: bool,
}

impl ExportedPerson {
    /// Adds the line to a CSV text.
    pub fn write_csv(&self, text: &mut String) {
        let one = |(name, role): &(String, String)| {
            if role.is_empty() { name.clone() } else { format!("{name} ({role})") }
        };
        let workspaces = if self.in_all {
            "All workspaces".to_owned()
        } else {
            self.workspaces.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        let (joined, invited) = if self.invited { ("", &*self.since) } else { (&*self.since, "") };
        csv::write_line(
            text,
            &[&self.email, &self.name, self.status, &self.role, &workspaces, joined, invited],
        );
    }

    /// Adds the person to a JSON text, as an object.
    pub fn write_json(&self, text: &mut String) {
        text.push('{');
        let field = |text: &mut String, name: &str, value: &str| {
            if !text.ends_with('{') {
                text.push(',');
            }
            quote(text, name);
            text.push(':');
            quote(text, value);
        };
        field(text, "email", &self.email);
        field(text, "name", &self.name);
        field(text, "status", self.status);
        field(text, "organization_role", &self.role);
        field(text, if self.invited { "invited_at" } else { "joined_at" }, &self.since);
        text.push_str(if self.in_all { ",\"all_workspaces\":true" } else { ",\"all_workspaces\":false" });
        text.push_str(",\"workspaces\":[");
        for (name, role) in &self.workspaces {
            if !text.ends_with('[') {
                text.push(',');
            }
            text.push('{');
            field(text, "name", name);
            field(text, "role", role);
            text.push('}');
        }
        text.push_str("]}");
    }
}

/// The beginning of a CSV file: the mark of UTF-8 and the headings.
pub fn csv_head() -> String {
    let mut text = csv::BOM.to_owned();
    csv::write_line(&mut text, &HEADINGS);
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bob() -> ExportedPerson {
        ExportedPerson {
            email: "bob@example.com".into(),
            name: "Ross, \"Bob\"".into(),
            status: "Active",
            role: "Organization User".into(),
            workspaces: vec![("Research".into(), "Editor".into()), ("R&D".into(), String::new())],
            since: "2026-01-02T03:04:05Z".into(),
            ..Default::default()
        }
    }

    #[test]
    fn a_csv_has_a_line_a_person() {
        let mut text = csv_head();
        bob().write_csv(&mut text);
        let admin = ExportedPerson { invited: true, in_all: true, name: "=cmd".into(), ..bob() };
        admin.write_csv(&mut text);
        assert_eq!(
            text,
            "\u{feff}Email,Name,Status,Organization role,Workspaces,Joined,Invited\r\n\
             bob@example.com,\"Ross, \"\"Bob\"\"\",Active,Organization User,\"Research (Editor); R&D\",2026-01-02T03:04:05Z,\r\n\
             bob@example.com,'=cmd,Active,Organization User,All workspaces,,2026-01-02T03:04:05Z\r\n"
        );
    }

    #[test]
    fn json_tells_the_same() {
        let mut text = String::new();
        bob().write_json(&mut text);
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            read,
            serde_json::json!({
                "email": "bob@example.com",
                "name": "Ross, \"Bob\"",
                "status": "Active",
                "organization_role": "Organization User",
                "joined_at": "2026-01-02T03:04:05Z",
                "all_workspaces": false,
                "workspaces": [{ "name": "Research", "role": "Editor" }, { "name": "R&D", "role": "" }],
            })
        );
    }

    proptest! {
        #[test]
        fn any_text_is_valid_json(email in any::<String>(), name in any::<String>(), place in any::<String>()) {
            let person = ExportedPerson {
                email: email.clone(),
                name: name.clone(),
                workspaces: vec![(place.clone(), name.clone())],
                ..Default::default()
            };
            let mut text = String::new();
            person.write_json(&mut text);
            let read: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read["email"].as_str(), Some(&*email));
            prop_assert_eq!(read["workspaces"][0]["name"].as_str(), Some(&*place));
        }

        #[test]
        fn any_person_comes_back_from_csv(email in any::<String>(), name in any::<String>(), role in any::<String>()) {
            let person = ExportedPerson { email: email.clone(), name: name.clone(), role: role.clone(), status: "Active", ..Default::default() };
            let mut text = csv_head();
            person.write_csv(&mut text);
            let lines = csv::read(&text);
            prop_assert_eq!(&lines[1].cells[..4], &[email, name, "Active".to_owned(), role]);
        }
    }
}
