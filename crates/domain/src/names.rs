//! Names of organizations, workspaces and people: what the API accepts.

use atrium_words::{t, tn};

/// Longest name, in characters. The contract sets none; ours keeps pages and indexes sane.
pub const MAX_NAME: usize = 100;

/// Shortest password, in characters; the longest is [`MAX_PASSWORD`].
pub const MIN_PASSWORD: usize = 8;
/// Longest password, in characters; a bound on the work of hashing.
pub const MAX_PASSWORD: usize = 256;

/// Checks an organization's name against the contract's pattern `^[a-zA-Z0-9\-_ ]+$`.
///
/// # Errors
/// A sentence that says what to change: empty or blank, too long, or a character outside the pattern.
pub fn check_organization_name(name: &str) -> Result<(), String> {
    check(name, "-_ ", t!("letters a to z, digits, spaces, hyphens and underscores"))
}

/// Checks a workspace's name against the contract's pattern `^[a-zA-Z0-9\-_ '@()]+$`.
///
/// # Errors
/// A sentence that says what to change, as [`check_organization_name`].
pub fn check_workspace_name(name: &str) -> Result<(), String> {
    check(name, "-_ '@()", t!("letters a to z, digits, spaces and - _ ' @ ( )"))
}

/// Checks a person's name: any script, 1 to [`MAX_NAME`] characters, no control characters.
///
/// # Errors
/// A sentence that says what to change.
pub fn check_full_name(name: &str) -> Result<(), String> {
    length(name)?;
    if name.chars().any(char::is_control) {
        return Err(t!("A name holds no line breaks or control characters.").to_owned());
    }
    Ok(())
}

/// Checks a new password by its length alone (NIST SP 800-63B: no rules of composition).
///
/// # Errors
/// A sentence that names the bound that is not met.
pub fn check_password(password: &str) -> Result<(), String> {
    let count = password.chars().count();
    if count < MIN_PASSWORD {
        return Err(tn!(
            MIN_PASSWORD,
            "Use at least {count} character; a few words are easy to remember.",
            "Use at least {count} characters; a few words are easy to remember.",
        ));
    }
    if count > MAX_PASSWORD {
        return Err(at_most(MAX_PASSWORD));
    }
    Ok(())
}

fn at_most(count: usize) -> String {
    tn!(count, "Use at most {count} character.", "Use at most {count} characters.")
}

fn length(name: &str) -> Result<(), String> {
    if name.trim().is_empty() {
        return Err(t!("Enter a name.").to_owned());
    }
    if name.chars().count() > MAX_NAME {
        return Err(at_most(MAX_NAME));
    }
    Ok(())
}

fn check(name: &str, extra: &str, allowed: &str) -> Result<(), String> {
    length(name)?;
    match name.chars().find(|c| !c.is_ascii_alphanumeric() && !extra.contains(*c)) {
        Some(c) if c.is_control() => {
            Err(t!("Use {allowed}: line breaks and control characters cannot be in the name.", allowed))
        }
        Some(letter) => Err(t!("Use {allowed}: “{letter}” cannot be in the name.", allowed, letter)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organization_names() {
        for good in ["Acme", "acme-corp_2", "A b C", "7"] {
            assert_eq!(check_organization_name(good), Ok(()), "{good}");
        }
        for bad in ["", "  ", "Acme!", "Größe", "a\nb", "Bob's", &"x".repeat(101)] {
            assert!(check_organization_name(bad).is_err(), "{bad}");
        }
        assert!(check_organization_name("Acme & Co").unwrap_err().contains("“&”"));
    }

    #[test]
    fn workspace_names_may_hold_more() {
        for good in ["Bob's (new)", "ops@acme"] {
            assert_eq!(check_workspace_name(good), Ok(()), "{good}");
        }
        assert!(check_workspace_name("a/b").is_err());
    }

    #[test]
    fn people_have_names_in_any_script() {
        assert_eq!(check_full_name("山田 太郎"), Ok(()));
        assert!(check_full_name("a\u{0}b").is_err());
        assert!(check_full_name(" ").is_err());
    }

    #[test]
    fn passwords_are_measured_in_characters() {
        assert!(check_password("1234567").is_err());
        assert!(check_password("pässwört").is_ok());
        assert!(check_password(&"x".repeat(257)).is_err());
    }
}
